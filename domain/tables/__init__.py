"""Table sessions (开台): from the first scan of a table's code to the bill. Diners at one table share one cart."""
