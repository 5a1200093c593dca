"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""

import sys


def retry_wrapper(func):
    def wrapper(*args, **kwargs):
        for _ in range(5):
            result = func(*args, **kwargs)
            if result:
                return result
        sys.exit(1)

    return wrapper
