"""The cadre's month at size: phones that come back from a day without signal, a city's month closed, a county's income ledger changed."""
