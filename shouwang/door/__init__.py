"""The farmer's door: reports for oneself or another, by the code on the wall, by telephone or at the desk."""
