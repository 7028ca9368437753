-- What follows a change: order and dead letters of the outbox, work done once, jobs, letters (mail and SMS), webhooks.
ALTER TABLE outbox ADD COLUMN object TEXT;

ALTER TABLE outbox ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;

ALTER TABLE outbox ADD COLUMN dead_at TIMESTAMPTZ;

ALTER TABLE outbox ADD COLUMN abandoned TEXT;

CREATE INDEX outbox_object ON outbox (object, done_at, turn, id);

CREATE INDEX outbox_dead ON outbox (dead_at, id);

CREATE TABLE done_once (
    key TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL
);

CREATE INDEX done_once_at ON done_once (at);

CREATE TABLE job (
    name TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    grace_s BIGINT NOT NULL,
    next_due_at TIMESTAMPTZ NOT NULL,
    holder UUID,
    held_until TIMESTAMPTZ,
    last_started_at TIMESTAMPTZ,
    last_ended_at TIMESTAMPTZ,
    last_outcome TEXT CHECK (last_outcome IN ('done', 'nothing', 'failed', 'interrupted')),
    last_detail TEXT,
    last_duration_ms BIGINT,
    failures BIGINT NOT NULL DEFAULT 0
);

-- The runs that did something or failed; the others only leave their trace in job.
CREATE TABLE job_run (
    id UUID NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'nothing', 'failed', 'interrupted')),
    detail TEXT NOT NULL,
    duration_ms BIGINT NOT NULL
);

CREATE INDEX job_run_job ON job_run (job, started_at, id);

CREATE INDEX job_run_ended ON job_run (ended_at);

-- Mails and SMS to send; who receives it and what it says are sealed, and erased once the letter is settled.
CREATE TABLE letter (
    id UUID NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms')),
    kind TEXT NOT NULL,
    about UUID,
    queued_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'to_review', 'refused')),
    recipient BYTEA,
    content BYTEA,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ NOT NULL,
    taken_until TIMESTAMPTZ,
    failure TEXT,
    ended_at TIMESTAMPTZ
);

CREATE INDEX letter_due ON letter (channel, state, due_at, id);

CREATE INDEX letter_queued ON letter (state, queued_at, id);

CREATE INDEX letter_about ON letter (about, queued_at);

-- Where other systems want to be told of what happens.
CREATE TABLE webhook (
    id UUID NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    url TEXT NOT NULL,
    secret BYTEA NOT NULL,
    topics TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX webhook_owner ON webhook (owner, id);

CREATE TABLE webhook_delivery (
    id UUID NOT NULL PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhook (id),
    event_id UUID NOT NULL,
    topic TEXT NOT NULL,
    object TEXT,
    turn BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'dead', 'abandoned')),
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ NOT NULL,
    taken_until TIMESTAMPTZ,
    failure TEXT,
    ended_at TIMESTAMPTZ,
    UNIQUE (webhook_id, event_id)
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (state, due_at, id);

CREATE INDEX webhook_delivery_object ON webhook_delivery (webhook_id, object, turn);

CREATE INDEX webhook_delivery_ended ON webhook_delivery (state, ended_at, id);
