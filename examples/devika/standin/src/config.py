"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""


class Config:
    def get_bing_api_endpoint(self):
        return "https://api.bing.microsoft.com/v7.0/search"

    def get_google_search_api_endpoint(self):
        return "https://www.googleapis.com/customsearch/v1"
