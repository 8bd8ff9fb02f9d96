"""Returns: figures that a place or department owes the place above for a period, taken from the ledgers, sent, signed for or given back."""
