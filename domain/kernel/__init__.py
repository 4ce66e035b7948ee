"""What every room shares: money, time, ids, refusals and clean text. Standard library only."""
