"""Healthy is who has just written to and read back from every store."""

import uuid


class Health:
    def __init__(self, stores, never):
        self._stores = stores
        self._never = never

    def check(self):
        """What is wrong, by the name of the store; nothing when all is well."""
        if self._never:
            return {"app": "this version never becomes healthy"}
        problems = {}
        for name, store in self._stores.items():
            value = uuid.uuid4().hex
            try:
                if store.write_and_read(value) != value:
                    problems[name] = "what was read back is not what was written"
            except Exception as error:  # whatever a store's client raises is a reason to be unhealthy
                problems[name] = " ".join(str(error).split()) or type(error).__name__
        return problems
