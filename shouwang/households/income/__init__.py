"""The income ledger: lines with their sources, official figures over them, growth measures, entitlements, what-ifs, targets."""
