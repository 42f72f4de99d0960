"""A clock that is 500 days late, for a Python that imports this first (sitecustomize)."""

import datetime
import time

now, now_ns, BACK = time.time, time.time_ns, 500 * 86400
time.time, time.time_ns = lambda: now() - BACK, lambda: now_ns() - BACK * 10**9


class LateDate(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())


class LateTime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)


datetime.date, datetime.datetime = LateDate, LateTime
