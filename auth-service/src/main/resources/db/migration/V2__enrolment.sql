-- Who may enrol. Secrets are 256 random bits and kept as their SHA-256 only.
create table enrolment_secret (
    id          varchar(36)  primary key,
    workload    varchar(127) not null,
    sha256      varchar(64)  not null unique,
    created_at  timestamp with time zone not null,
    revoked_at  timestamp with time zone
);

create table join_token (
    sha256      varchar(64)  primary key,
    workload    varchar(127) not null,
    created_at  timestamp with time zone not null,
    expires_at  timestamp with time zone not null,
    used_at     timestamp with time zone
);

create table removed_workload (
    workload    varchar(127) primary key,
    removed_at  timestamp with time zone not null
);
