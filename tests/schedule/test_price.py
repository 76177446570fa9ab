"""The price of a request."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.schedule.price import PRICE, repriced


@given(st.floats(1e-6, 1e6), st.floats(0, 1e9), st.floats(1, 1e9))
def test_a_price_stays_in_bounds_and_moves_towards_the_budget(price: float, asked: float, budget: float) -> None:
    found = repriced(price, asked, budget)
    assert 1e-4 <= found <= 1e3
    if 1e-4 <= price <= 1e3 and asked > budget:
        assert found >= price


def test_a_price_settles_where_the_budget_is_spent() -> None:
    """Requests that go with the inverse root of the price, an hour late."""
    price, asked = PRICE, [9000.0] * 6
    for _ in range(60):
        price = repriced(price, sum(asked[-6:]) / 6, 3000.0)
        asked.append(9000.0 * (PRICE / price) ** 0.5)
    assert 2700 < asked[-1] < 3300
