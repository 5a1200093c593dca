"""Devika asks Bailiwick before each step, by wrapping: no file of Devika's is changed.

`install` puts guards around the places where Devika submits a task, calls a model, runs a command, writes or reads files, searches,
opens a page, deploys and changes its settings.
A denial is raised as `bailiwick.Denied` or `bailiwick.ApprovalNeeded`, and never returned: Devika tries what returns nothing up to
five times again, and then ends the process. It knows Devika's names and nothing of rules.
"""

import functools
import os
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import bailiwick


class Ledger:
    """What each task has used, by the charges of records. In memory: a server that is started anew has used nothing."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._used: dict[str, dict[str, float]] = defaultdict(dict)

    def usage(self, task: str | None) -> dict:
        # Null is nothing used; what is not said would be unknown, and deny.
        return {"task": {"tokens": None, **self._used[task]}} if task else {}

    def book(self, record: dict) -> None:
        for charge in record["charges"]:
            if charge["per"] == "task":
                used = self._used[charge["entity"]]
                used[charge["unit"]] = used.get(charge["unit"], 0) + charge["amount"]


class Guards:
    """Asks for each seam. `submitter` is the person for whom this server takes tasks, as a subject of a request."""

    def __init__(self, engine: bailiwick.Engine, submitter: dict, records: Path) -> None:
        self.engine = engine
        self.submitter = submitter
        self.ledger = Ledger()
        self._records = records
        self._tasks: dict[str, str] = {}
        self._lock = threading.Lock()

    def ask(
        self,
        action: str,
        arguments: dict,
        project: str,
        *,
        root: str | None = None,
        by: dict | None = None,
        environment: str = "dev",
    ) -> dict:
        """Raises unless it is allowed; gives the record, which is kept before anything is done."""
        project = folder_of(project)
        task = self._tasks.get(project)
        agent = {"type": "agent", "id": "devika", "on_behalf_of": self.submitter}
        request: dict[str, Any] = {
            "action": action,
            "arguments": arguments,
            "subject": by or agent,
            "scope": {
                "tenant": None, "organization": None, "team": None, "campaign": None,
                "repository": project, "task": task, "runtime": "devika",
            },
            "context": {
                "origin": "human", "environment": environment, **({"workspace_root": root} if root else {}),
            },
            "capabilities": ["audit", *(["redact:*"] if action == "model.call" else [])],
            "now": datetime.now(timezone.utc).isoformat(),
        }
        # Between the answer and the booking nobody else may spend the same budget.
        with self.ledger.lock:
            request["usage"] = self.ledger.usage(task)
            with bailiwick.guard(self.engine, request, on_decision=self._keep) as decision:
                record = decision.record()
            self.ledger.book(dict(record))
        return dict(record)

    def _keep(self, decision: bailiwick.Decision) -> None:
        with self._lock, open(self._records, "a", encoding="utf-8") as file:
            file.write(decision.record_json() + "\n")

    # -- the seams, each with the signature of what it is around --

    def submits(self, execute: Callable) -> Callable:
        @functools.wraps(execute)
        def asked(agent: Any, prompt: str, project_name: str) -> Any:
            project = folder_of(project_name)
            with self._lock:
                self._tasks[project] = f"{project}-{datetime.now(timezone.utc):%Y%m%dT%H%M%S.%f}"
            self.ask("task.submit", {}, project_name, by=self.submitter)
            return execute(agent, prompt, project_name)

        return asked

    def infers(self, inference: Callable) -> Callable:
        @functools.wraps(inference)
        def asked(llm: Any, prompt: str, project_name: str) -> str:
            # A token has at least a byte, so there are not more of them in the prompt.
            tokens = len(prompt.encode("utf-8", "surrogatepass"))
            arguments = {"model": llm.model_id, "tokens": tokens, "use": "devika"}
            record = self.ask("model.call", arguments, project_name)
            return inference(llm, redacted(prompt, record), project_name)

        return asked

    def saves(self, save_code_to_project: Callable) -> Callable:
        @functools.wraps(save_code_to_project)
        def asked(coder: Any, response: list[dict], project_name: str) -> Any:
            root = coder.get_project_path(project_name)
            # All of them before the first: half a change is none that somebody decided on.
            for file in response:
                path = os.path.realpath(os.path.join(root, file["file"]))
                arguments = {"path": path, "recursive": False}
                self.ask("file.write", arguments, project_name, root=os.path.realpath(root))
            return save_code_to_project(coder, response, project_name)

        return asked

    def opens(self, open_page: Callable) -> Callable:
        @functools.wraps(open_page)
        async def asked(agent: Any, project_name: str, url: str) -> Any:
            self.ask("http.request", {"url": url, "method": "GET"}, project_name)
            return await open_page(agent, project_name, url)

        return asked

    def searches(self, search_queries: Callable) -> Callable:
        @functools.wraps(search_queries)
        def asked(agent: Any, queries: list, project_name: str) -> dict:
            # All of them before the first: what is searched for leaves the machine.
            for query in queries:
                url = f"{endpoint_of(agent.engine)}?{urlencode({'q': query.strip().lower()})}"
                self.ask("http.request", {"url": url, "method": "GET"}, project_name)
            return search_queries(agent, queries, project_name)

        return asked

    def reads(self, read_directory: Callable) -> Callable:
        """Around the reading of the whole project into a prompt. A link may lead out of it, so each is asked for by where it leads."""

        @functools.wraps(read_directory)
        def asked(reader: Any) -> list:
            root = os.path.realpath(reader.directory_path)
            for path in [root, *links_below(root)]:
                self.ask("file.read", {"path": path}, os.path.basename(reader.directory_path), root=root)
            return read_directory(reader)

        return asked

    def prints(self, markdown_to_pdf: Callable) -> Callable:
        @functools.wraps(markdown_to_pdf)
        def asked(pdf: Any, markdown_string: str, project_name: str) -> str:
            root = os.path.realpath(pdf.pdf_path)
            path = os.path.realpath(os.path.join(root, f"{project_name}.pdf"))
            self.ask("file.write", {"path": path, "recursive": False}, project_name, root=root)
            return markdown_to_pdf(pdf, markdown_string, project_name)

        return asked

    def deploys(self, deploy: Callable) -> Callable:
        @functools.wraps(deploy)
        def asked(netlify: Any, project_name: str) -> Any:
            # Every site of Netlify's is on the open internet from its first deployment on.
            self.ask("deploy", {"service": folder_of(project_name)}, project_name, environment="production")
            return deploy(netlify, project_name)

        return asked

    def settles(self, set_settings: Callable) -> Callable:
        """Around the view that overwrites the configuration: it answers 403, as there is no thread of an agent to end."""

        @functools.wraps(set_settings)
        def asked() -> Any:
            try:
                self.ask("agent.change", {}, "settings", by=self.submitter)
            except (bailiwick.Denied, bailiwick.ApprovalNeeded) as refused:
                return str(refused), 403
            return set_settings()

        return asked

    def runs(self, run: Callable) -> Callable:
        """Around `subprocess.run` as the runner sees it, since a model may put another command in place of one that failed."""

        @functools.wraps(run)
        def asked(argv: list[str], *args: Any, cwd: str, **kwargs: Any) -> Any:
            if not isinstance(argv, list) or kwargs.get("shell"):
                raise TypeError("expected a list of words, as the runner splits them, and no shell")
            root = os.path.realpath(cwd)
            # The words that are asked for are the words that are run: no shell reads them.
            self.ask("shell.exec", {"argv": argv, "cwd": root}, os.path.basename(root), root=root)
            return run(argv, *args, cwd=cwd, **kwargs)

        return asked


def folder_of(project_name: str) -> str:
    """A project by its folder, as Devika calls it."""
    return project_name.lower().replace(" ", "-")


def endpoint_of(engine: str) -> str:
    """Where a search engine is asked: Devika's own words for it, and its settings."""
    config = import_module("src.config").Config()
    if engine == "bing":
        return config.get_bing_api_endpoint()
    return config.get_google_search_api_endpoint() if engine == "google" else "https://duckduckgo.com/"


def links_below(root: str) -> list[str]:
    """Where the links among the files of a folder lead. Folders behind links are not walked by Devika either."""
    files = (os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
    return [os.path.realpath(path) for path in files if os.path.islink(path)]


def redacted(prompt: str, record: dict) -> str:
    """The prompt without what the record owes for the sinks that it reaches: the model, and Devika's own log of prompts."""
    owed = [each["name"] for each in record["obligations"]]
    for sink in ("model_context", "log_view"):
        prompt = bailiwick.redact(prompt, sink, owed=owed)["text"]
    return prompt


class Subprocess:
    """The module `subprocess` with another `run`."""

    def __init__(self, module: Any, run: Callable) -> None:
        self._module = module
        self.run = run

    def __getattr__(self, name: str) -> Any:
        if name in ("PIPE", "STDOUT", "DEVNULL", "CalledProcessError", "TimeoutExpired", "CompletedProcess"):
            return getattr(self._module, name)
        raise AttributeError(f"`subprocess.{name}` is not guarded, so the runner does not get it")


def install(guards: Guards, app: Any) -> None:
    """Wraps Devika's seams, and those of its server. What is not where it is expected is an error, so that no seam stays open by
    a change of name."""
    agent = import_module("src.agents.agent").Agent
    agent.execute = guards.submits(agent.execute)
    agent.subsequent_execute = guards.submits(agent.subsequent_execute)
    agent.open_page = guards.opens(agent.open_page)
    agent.search_queries = guards.searches(agent.search_queries)
    llm = import_module("src.llm.llm").LLM
    llm.inference = guards.infers(llm.inference)
    for module, name in (("coder", "Coder"), ("feature", "Feature"), ("patcher", "Patcher")):
        writer = getattr(import_module(f"src.agents.{module}.{module}"), name)
        writer.save_code_to_project = guards.saves(writer.save_code_to_project)
    code = import_module("src.filesystem.read_code").ReadCode
    code.read_directory = guards.reads(code.read_directory)
    pdf = import_module("src.documenter.pdf").PDF
    pdf.markdown_to_pdf = guards.prints(pdf.markdown_to_pdf)
    netlify = import_module("src.services.netlify").Netlify
    netlify.deploy = guards.deploys(netlify.deploy)
    app.view_functions["set_settings"] = guards.settles(app.view_functions["set_settings"])
    runner = import_module("src.agents.runner.runner")
    runner.subprocess = Subprocess(runner.subprocess, guards.runs(runner.subprocess.run))
