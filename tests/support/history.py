"""Writes made-up history into a platform's SQLite database and prints what a count by hand gives.

Usage: history.py <database> <filings> <days> [seed]. Filings end before now, one in a day or more;
nothing in them is about a person, and their contents cannot be opened.
"""

import datetime
import json
import random
import sqlite3
import sys
import time

path, filings, days = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
dice = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
HOUR = 3_600_000
EPOCH = 1_577_836_800_000
CHINA = datetime.timezone(datetime.timedelta(hours=8))
KINDS = ["first_filing", "new_website", "new_access", "change"]
PROVINCES = ["330000", "330000", "110000", "440000"]
NOTICES = ["filing_submitted", "filing_approved"]

db = sqlite3.connect(path, timeout=60)
account = db.execute("SELECT id FROM accounts WHERE role = 'applicant' LIMIT 1").fetchone()
account = account[0] if account else 0
staff = [row[0] for row in db.execute("SELECT id FROM accounts WHERE role IN ('first_reviewer', 'senior') ORDER BY id")]
reasons = [r for r in json.load(open("data/reasons.json", encoding="utf-8"))["reasons"]][:6]
if account == 0:
    account = staff[0]
now = int(time.time() * 1000)
used = set()


def new_id(at):
    while True:
        one = ((at - EPOCH) << 22) | dice.getrandbits(22)
        if one not in used:
            used.add(one)
            return one


told = {"submitted": 0, "resubmitted": 0, "approved": 0, "bureau_returned": 0, "first_decided": 0, "first_passed": 0,
        "waits": {}, "reasons": {}, "by_day": {}, "reviewers": {}, "mails": 0, "mails_refused": 0, "by_province": {}}


def day_of(at):
    return datetime.datetime.fromtimestamp(at / 1000, CHINA).strftime("%Y-%m-%d")


class Filing:
    def __init__(self, at):
        self.id, self.at, self.state, self.since = new_id(at), at, "draft", at
        self.province, self.kind = dice.choice(PROVINCES), dice.choice(KINDS)
        self.round, self.decided = 0, False
        db.execute(
            "INSERT INTO filings (id, account_id, kind, state, version, revision, province, nature, turn, form_version, "
            "content_sealed, title_sealed, organiser_lookup, round, created_at, updated_at, state_since, erased_at) VALUES "
            "(?, ?, ?, 'withdrawn', 1, 1, ?, 4, 'nobody', '1', x'00', x'00', x'', 1, ?, ?, ?, ?)",
            (self.id, account, self.kind, self.province, at, at, at, at))

    def event(self, actor, who, action, to=None):
        source = self.state if to else None
        db.execute("INSERT INTO events (id, filing_id, at, actor, actor_id, action, from_state, to_state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                   (new_id(self.at), self.id, self.at, actor, who, action, source, to))
        if not to:
            return
        if self.state in ("initial_review", "bureau_review", "photo_review"):
            told["waits"].setdefault(self.state, []).append(self.at - self.since)
        self.state, self.since = to, self.at

    def later(self, hours):
        self.at += int(dice.lognormvariate(0, 0.8) * hours * HOUR) + 60_000

    def count(self, name):
        told[name] += 1
        if name in ("submitted", "approved"):
            told["by_day"].setdefault(day_of(self.at), {}).setdefault(name, 0)
            told["by_day"][day_of(self.at)][name] += 1
            told["by_province"].setdefault(self.province, {}).setdefault(name, 0)
            told["by_province"][self.province][name] += 1

    def correct(self, by):
        reason = dice.choice(reasons)
        field = reason["fields"][0].replace("*", f"s{dice.randint(1, 3)}")
        db.execute("INSERT INTO corrections (id, filing_id, field, reason_code, by_actor, author_id, state, at) VALUES (?, ?, ?, ?, ?, NULL, 'closed', ?)",
                   (new_id(self.at), self.id, field, reason["code"], by, self.at))
        key = f"{by}/{reason['code']}"
        told["reasons"][key] = told["reasons"].get(key, 0) + 1

    def mail(self, notice):
        state = "refused" if dice.random() < 0.1 else "sent"
        told["mails"] += state == "sent"
        told["mails_refused"] += state == "refused"
        one = new_id(self.at)
        db.execute("INSERT INTO messages (id, message_key, account_id, filing_id, channel, notice, body_sealed, state, created_at, sent_at, error) "
                   "VALUES (?, ?, ?, ?, 'mail', ?, x'00', ?, ?, ?, '')", (one, f"history/{one}", account, self.id, notice, state, self.at, self.at))

    def review(self):
        reviewer = dice.choice(staff)
        self.later(6)
        self.event("staff", reviewer, "claimed")
        self.later(0.3)
        passed = dice.random() < 0.7
        if not self.decided:
            told["first_decided"] += 1
            told["first_passed"] += passed
        self.decided = True
        told["reviewers"].setdefault(str(reviewer), [0, 0])[0 if passed else 1] += 1
        if passed:
            self.event("staff", reviewer, "pass_initial", "ready")
        else:
            self.correct("staff")
            self.event("staff", reviewer, "return_initial", "initial_returned")
        return passed

    def run(self):
        self.count("submitted")
        self.event("applicant", account, "submit", "initial_review")
        self.mail(NOTICES[0])
        while True:
            while not self.review():
                self.later(20)
                self.count("resubmitted")
                self.event("applicant", account, "submit", "initial_review")
            self.later(0.2)
            self.event("worker", None, "start_sending", "sending")
            self.later(0.2)
            self.event("bureau", None, "bureau_received", "bureau_review")
            self.later(60 if self.province == "330000" else 120)
            if dice.random() < 0.85:
                self.count("approved")
                self.event("bureau", None, "bureau_approved", "approved")
                self.mail(NOTICES[1])
                return
            self.count("bureau_returned")
            self.correct("bureau")
            self.event("bureau", None, "bureau_rejected", "bureau_returned")
            self.later(20)
            self.count("resubmitted")
            self.event("applicant", account, "submit", "initial_review")


start = now - days * 24 * HOUR
for _ in range(filings):
    Filing(start + dice.randrange(int(days * 0.6 * 24)) * HOUR).run()
last = db.execute("SELECT MAX(at) FROM events").fetchone()[0]
db.commit()


def share_of(waits, share):
    ordered = sorted(waits)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


told["waits"] = {state: {"count": len(w), **{f"p{int(s * 100)}": share_of(w, s) / HOUR for s in (0.5, 0.8, 0.95)}}
                 for state, w in told["waits"].items()}
told["from"], told["until"] = day_of(start), day_of(max(last, now))
print(json.dumps(told))
