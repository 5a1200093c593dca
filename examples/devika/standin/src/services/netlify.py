"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""


class Netlify:
    deployed: list[str] = []

    def deploy(self, project_name: str):
        self.deployed.append(project_name)
        return {"deploy_url": "https://example.netlify.app"}
