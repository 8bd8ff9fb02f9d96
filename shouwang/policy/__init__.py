"""What the documents say, as data: loads the policy files, resolves a value for region and date, shows what each clause is kept by."""

from .loading import load
from .parameters import Parameter, Value
from .policies import Policies
from .resolution import Resolution

__all__ = ["Parameter", "Policies", "Resolution", "Value", "load"]
