"""Everything the policy files say, checked: documents with their clauses, parameters with their values, and the answers to questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from shouwang.foundation.errors import UserError

from . import places, resolution
from .defects import nearest
from .documents import Clause, Document
from .parameters import Parameter
from .resolution import Resolution

_MOST_ANSWERED = 20_000


@dataclass(frozen=True)
class Policies:
    """The program's policy files and the workspace's own, joined. ``version``: 12 hexadecimal characters over all content."""

    documents: dict[str, Document]
    parameters: dict[str, Parameter]
    version: str
    _answered: dict[tuple[object, ...], Resolution] = field(default_factory=dict, compare=False, repr=False)

    def resolve(
        self,
        name: str,
        *,
        region_code: str,
        on: dt.date,
        ancestors: Callable[[str], tuple[str, ...]] | None = None,
        name_of: Callable[[str], str] | None = None,
    ) -> Resolution:
        """The value of a parameter for a region on a day. Raises UserError for an unknown name or region.

        ``ancestors`` (code → 12-digit codes, nearest first) and ``name_of`` default to the register of divisions, or to the
        divisions that come with the program while there is no workspace.
        """
        parameter = self.parameter(name)
        if ancestors is None and name_of is None:
            return self._remembered(parameter, region_code, on)
        if ancestors is None:
            current = places.current()
            ancestors, name_of = current.ancestors, name_of or current.name
        return resolution.resolve(
            parameter,
            chain=ancestors(region_code),
            on=on,
            name_of=name_of or places.BY_CATALOGUE.name,
            cite_of=self.citation_text,
        )

    def _remembered(self, parameter: Parameter, region_code: str, on: dt.date) -> Resolution:
        """A page asks for the same values many times; an answer stands until the register of divisions changes."""
        current = places.current()
        key = (parameter.name, region_code, on, current.edition())
        if key not in self._answered:
            if len(self._answered) >= _MOST_ANSWERED:
                self._answered.clear()
            self._answered[key] = resolution.resolve(
                parameter,
                chain=current.ancestors(region_code),
                on=on,
                name_of=current.name,
                cite_of=self.citation_text,
            )
        return self._answered[key]

    def parameter(self, name: str) -> Parameter:
        """Raises UserError with the nearest names."""
        if name not in self.parameters:
            hint = nearest(name, self.parameters) or "全部参数见 shouwang policy list。"
            raise UserError(f"没有参数“{name}”", next_step=hint)
        return self.parameters[name]

    def document(self, document_id: str) -> Document:
        """Raises UserError with the nearest ids."""
        if document_id not in self.documents:
            hint = nearest(document_id, self.documents) or f"现有：{'、'.join(self.documents)}。"
            raise UserError(f"没有文件“{document_id}”", next_step=hint)
        return self.documents[document_id]

    def clause(self, citation: str) -> Clause:
        """The clause that ``document#clause`` names. Raises UserError."""
        found = self._clauses.get(citation)
        if found is None:
            document = self.document(citation.partition("#")[0])
            known = [clause.citation for clause in document.clauses]
            raise UserError(f"文件 {document.id} 没有条款“{citation}”", next_step=nearest(citation, known))
        return found

    def children(self, citation: str) -> tuple[Clause, ...]:
        """The clauses directly below a heading; a document's id alone gives its top level."""
        document_id, _, clause_id = citation.partition("#")
        return self.document(document_id).children(clause_id)

    def citing(self, citation: str) -> tuple[Parameter, ...]:
        """The parameters that cite exactly this clause, or this document as a whole."""
        return self._citing.get(citation, ())

    def citation_text(self, citation: str) -> str:
        """``laiyuan-2022-9#2.2`` → 涞巩固拓展〔2022〕9号 二(二) L33–37."""
        document = self.documents.get(citation.partition("#")[0])
        clause = self._clauses.get(citation)
        if document is None:
            return citation
        return f"{document.name} {clause.place}" if clause else document.name

    @cached_property
    def duties(self) -> dict[str, tuple[Clause, ...]]:
        """Every duty with the clauses that carry it, in the order of the documents."""
        found: dict[str, tuple[Clause, ...]] = {}
        for clause in self._clauses.values():
            for duty in clause.duties:
                found[duty] = (*found.get(duty, ()), clause)
        return found

    @cached_property
    def _clauses(self) -> dict[str, Clause]:
        return {clause.citation: clause for document in self.documents.values() for clause in document.clauses}

    @cached_property
    def _citing(self) -> dict[str, tuple[Parameter, ...]]:
        found: dict[str, tuple[Parameter, ...]] = {}
        for parameter in self.parameters.values():
            for citation in parameter.all_cites:
                found[citation] = (*found.get(citation, ()), parameter)
        return found
