"""What a language model is asked about a record, and what is believed of its answer. Pure: who asks is elsewhere."""
