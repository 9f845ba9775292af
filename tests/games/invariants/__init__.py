"""What holds in every cloud after every step: functions that return a sentence for each violation."""
