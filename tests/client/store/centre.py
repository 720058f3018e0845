"""A centre written by hand, in the test's own process: one clock, buckets of facet rows, answers to pushes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from client.net.link import Offline
from common.kit.dates import REGION_ZONE
from common.kit.entity import spec_of
from common.kit.errors import AccessEnded
from common.kit.ids import new_id
from common.kit.kinds import PersonalData
from common.kit.sync import (
    END,
    Bucket,
    Command,
    Cursor,
    Digest,
    FacetRows,
    OfferAnswer,
    OfferRequest,
    Operation,
    Outcome,
    Page,
    Position,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    Raised,
    Save,
    SealAnswer,
    SealRequest,
    SignedIn,
    SignIn,
    Status,
    Writer,
)

COLLEGE = UUID("01900000-0000-7000-8000-0000000000c1")
ACCOUNT = UUID("01900000-0000-7000-8000-0000000000a1")

OPEN = Bucket(COLLEGE.hex, "admissions", "P0", 0)
CLOSED = Bucket(COLLEGE.hex, "admissions", "P2", 0)
PEOPLE = Bucket(COLLEGE.hex, "people", "P0", 0)
"""A second holder of the same facet."""


@dataclass(slots=True)
class Held:
    seq: int
    values: dict[str, Any]
    gone: bool = False


Judge = Callable[[Operation], Status]


def accept(op: Operation) -> Status:
    return Status.APPLIED


@dataclass
class Centre:
    """`put` and `drop` write; `page` cuts answers."""

    server: str = "http://centre.test"
    token: str = "t"
    epoch: str = "history-1"
    clock: int = 1
    page: int = 2_000
    mine: list[Bucket] = field(default_factory=lambda: [OPEN, CLOSED])
    entries: dict[Bucket, dict[tuple[str, str], Held]] = field(default_factory=dict)
    shapes: dict[str, int] = field(default_factory=lambda: {"person.P0": 1, "person.P2": 1})
    extra: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Columns of a newer server by facet."""
    recorded: dict[UUID, Outcome] = field(default_factory=dict)
    last: int = 0
    judge: Judge = accept
    writers: dict[str, Writer] = field(default_factory=dict)
    """Whom every refusal names."""
    recovering: bool = False
    lied: Digest | None = None
    device: str = "device-1"
    series: str = "05"
    pulls: list[PullRequest] = field(default_factory=list)
    pushes: list[PushRequest] = field(default_factory=list)
    offers: list[OfferRequest] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    """Raised one by one in the place of answers."""
    pulls_before_cut: int | None = None
    """So many more are answered, then the line breaks once."""
    lose_answers: int = 0
    """Pushes that are done and whose answer never arrives."""
    was: str | None = None
    seal_key: str = ""
    ended: bool = False
    """The account: everything but a seal is refused."""
    proof: bytes = b"the centre's own"
    sealed: dict[UUID, bytes] = field(default_factory=dict)
    safe: set[UUID] = field(default_factory=set)
    """What two backups hold of what was sealed."""
    backed_up_to: int = 0
    denies: bool = False
    """The marks that desks bring are of a history that never was (a silent restore)."""

    # ---- writing

    def put(self, id: str, values: dict[str, Any], *, buckets: tuple[Bucket, ...] = ()) -> None:
        self.clock += 1
        spec = spec_of("person")
        for bucket in buckets or (OPEN, CLOSED):
            pd = PersonalData.of(bucket.pd)
            named = {f.name: values.get(f.name) for f in spec.facet(pd)}
            held = self.entries.setdefault(bucket, {})
            old = held.get((f"person.{bucket.pd}", id))
            known = old.values if old else {}
            given = {n: v for n, v in named.items() if n in values or n not in known}
            held[(f"person.{bucket.pd}", id)] = Held(self.clock, known | given)

    def drop(self, id: str, *, buckets: tuple[Bucket, ...] = (OPEN, CLOSED)) -> None:
        self.clock += 1
        for bucket in buckets:
            self.entries[bucket][(f"person.{bucket.pd}", id)] = Held(self.clock, {}, gone=True)

    # ---- answering

    def sign_in(self, request: SignIn) -> SignedIn:
        return SignedIn(
            token="t",
            account=ACCOUNT,
            login=request.login,
            name="Кузьмина Ольга Павловна",
            post="секретарь",
            college=COLLEGE,
            college_code="k1",
            college_name="Техникум",
            zone=REGION_ZONE,
            device=self.device,
            series=self.series,
            permissions=["admissions.read.P0", "admissions.write.P0"],
            lease_hours=72,
            time=0,
            ending=hashlib.sha256(self.proof).hexdigest(),
        )

    def _trouble(self) -> None:
        if self.ended:
            fields = {"proof": self.proof.hex(), "seal_key": self.seal_key}
            raise AccessEnded("Доступ прекращён", fields)
        self._fault()

    def _fault(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)

    def pull(self, request: PullRequest) -> PullAnswer:
        self._trouble()
        if self.pulls_before_cut == 0:
            self.pulls_before_cut = None
            raise_offline()
        if self.pulls_before_cut:
            self.pulls_before_cut -= 1
        self.pulls.append(request)
        answer = PullAnswer(
            epoch=self.epoch,
            clock=self.clock,
            mark=self.clock * 7,
            ticket=request.ticket,
            buckets=list(self.mine),
            shapes=dict(self.shapes),
            witnessed=request.witnesses,
            seal_key=self.seal_key,
            backed_up_to=self.backed_up_to,
            recovering=self.recovering,
        )
        if self.denies and request.epoch == self.epoch and request.witnesses:
            self.epoch, self.denies = "history-2", False
            answer.epoch = self.epoch
        if request.epoch not in (None, self.epoch):
            answer.was = self.was or request.epoch
            return answer
        self._tell(request, answer)
        return answer

    def _tell(self, request: PullRequest, answer: PullAnswer) -> None:
        cursors = request.places()
        left = self.page
        calm = [b for b in self.mine if b in cursors and self._is_calm(cursors[b])]
        for bucket in self.mine:
            if bucket in calm:
                if request.prove:
                    answer.sums.append((bucket, self.lied or digest(self.entries.get(bucket, {}))))
                continue
            if left <= 0:
                answer.more = True
                break
            made = self._page(cursors.get(bucket, Cursor(bucket)), left)
            if made is not None:
                left -= sum(len(f.rows) for f in made.rows) + len(made.gone)
                answer.pages.append(made)
                answer.more |= made.more
        for seq in {cursors[bucket].pos.seq for bucket in calm} - {self.clock}:
            but = [b for b in self.mine if b not in calm]
            answer.raised.append(Raised(regional=False, frm=seq, to=self.clock, but=but))

    def _is_calm(self, cursor: Cursor) -> bool:
        """Read to the end of a moment after which nothing happened in it."""
        held = self.entries.get(cursor.bucket, {})
        return cursor.stands and all(each.seq <= cursor.pos.seq for each in held.values())

    def _page(self, cursor: Cursor, limit: int) -> Page | None:
        done = Position(self.clock, END, END)
        if cursor.pos >= done and not cursor.facets:
            return None
        held = self.entries.get(cursor.bucket, {})
        told = sorted(
            (Position(each.seq, facet, id), each)
            for (facet, id), each in held.items()
            if Position(each.seq, facet, id) > cursor.pos
            and (
                not cursor.facets
                or facet in cursor.facets
                or Position(each.seq, facet, id) > cursor.until
            )
        )
        more = len(told) > limit
        told = told[:limit]
        return Page(
            cursor.bucket,
            cursor.pos,
            told[-1][0] if more else done,
            more,
            list(self._rows(told)),
            [at for at, each in told if each.gone],
            None if more else self.lied or digest(held),
        )

    def _rows(self, told: list[tuple[Position, Held]]) -> Iterator[FacetRows]:
        for facet in sorted({at.facet for at, _ in told}):
            live = [(at, e) for at, e in told if at.facet == facet and not e.gone]
            added = self.extra.get(facet, {})
            if live:
                columns = [*live[0][1].values, *added]
                rows = [(at.id, at.seq, *e.values.values(), *added.values()) for at, e in live]
                yield FacetRows(facet, columns, rows)

    def push(self, request: PushRequest) -> PushAnswer:
        self._trouble()
        self.pushes.append(request)
        answer = PushAnswer(epoch=self.epoch)
        if request.epoch != self.epoch:
            answer.was = self.was or request.epoch
            return answer
        for op in request.operations:
            if op.uuid not in self.recorded and op.no != self.last + 1:
                answer.last = self.last
                break
            self.last = max(self.last, op.no)
            if op.uuid not in self.recorded:
                self.recorded[op.uuid] = self._record(request.device, op)
            answer.outcomes.append(self.recorded[op.uuid])
        answer.clock, answer.mark = self.clock, self.clock * 7
        answer.witnessed = request.witnesses
        if self.lose_answers:
            self.lose_answers -= 1
            raise_offline()
        return answer

    def offer(self, request: OfferRequest) -> OfferAnswer:
        self._trouble()
        answer = OfferAnswer(epoch=self.epoch, device=request.device, series=self.series)
        if request.epoch != self.epoch:
            answer.was = self.was or request.epoch
            return answer
        self.offers.append(request)
        if request.device != self.device:
            self.device, self.last = request.device, 0
        answer.clock, answer.mark = self.clock, self.clock * 7
        answer.outcomes = [self.recorded[u] for u in request.uuids if u in self.recorded]
        return answer

    def seal(self, request: SealRequest) -> SealAnswer:
        self._fault()
        self.sealed |= {each.uuid: each.blob for each in request.blobs}
        lacks = [u for u in request.uuids if u not in self.sealed and u not in self.recorded]
        safe = [u for u in request.uuids if u in self.safe]
        return SealAnswer(epoch=self.epoch, lacks=lacks, safe=safe, clock=self.clock)

    def _record(self, device: str, op: Operation) -> Outcome:
        status = self.judge(op)
        outcome = Outcome(device=device, no=op.no, uuid=op.uuid, status=status.value)
        if status is Status.APPLIED and isinstance(op.body, Save):
            self.put(op.body.id.hex, {n: new for n, (_, new) in op.body.set.items()})
        elif status is Status.APPLIED and isinstance(op.body, Command):
            self.clock += 1
            if book := op.body.args.get("book"):
                outcome.result = {"series": self.series, "book": book, "first": 1, "last": 100}
        else:
            self.clock += 1
            outcome.text = "Нельзя: приём закрыт"
            outcome.writers = dict(self.writers)
        outcome.seq = self.clock
        return outcome


def raise_offline() -> None:
    raise Offline("Нет связи с сервером")


def digest(held: dict[tuple[str, str], Held]) -> Digest:
    count = low = high = 0
    for (facet, id), each in held.items():
        if not each.gone:
            raw = hashlib.blake2b(f"{facet}|{id}|{each.seq}".encode(), digest_size=8).digest()
            count, low = count + 1, low + int.from_bytes(raw[:4], "big")
            high += int.from_bytes(raw[4:], "big")
    return Digest(count, low, high)


def person(last_name: str, first_name: str = "Анна", snils: str | None = None) -> dict[str, Any]:
    return {
        "last_name": last_name,
        "first_name": first_name,
        "snils": snils,
        "snils_state": "absent",
    }


def hex_id() -> str:
    return new_id().hex
