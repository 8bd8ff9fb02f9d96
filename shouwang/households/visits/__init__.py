"""Visits: what phones and pages send, what became of it, who was seen each month and who was not."""
