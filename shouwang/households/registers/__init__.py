"""台账 by declaration: one machine keeps, shows, takes in, hands out and adds up every register that the documents demand."""
