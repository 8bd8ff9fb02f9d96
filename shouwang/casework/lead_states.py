"""Where a lead can stand: on its way down, or answered."""

OPEN, AT_TOWNSHIP, AT_VILLAGE = "open", "at_township", "at_village"
CONFIRMED, NO_RISK, RETURNED, WITHDRAWN = "confirmed", "no_risk", "returned", "withdrawn"
# Somebody was there and said what is true.
VERIFIED = (CONFIRMED, NO_RISK, RETURNED)
