"""The lake: facts as Parquet files by dataset, county and period. Files are written once and never edited."""
