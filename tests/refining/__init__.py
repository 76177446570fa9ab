"""What follows the change log and makes records better."""
