-- People. Roles and scopes are lists separated by spaces, as OAuth writes them.
create table account (
    username varchar(64) primary key,
    password_hash varchar(300) not null,
    roles varchar(1000) not null,
    origin varchar(20) not null,
    created_at timestamp with time zone not null
);

-- One-time secrets with which somebody sets a password.
create table invitation (
    secret_sha256 varchar(64) primary key,
    username varchar(64) not null,
    roles varchar(1000) not null,
    expires_at timestamp with time zone not null
);

-- As Spring Security's schema has it, with version, created_at and indexes; tokens are hashed.
create table oauth2_registered_client (
    id varchar(100) primary key,
    client_id varchar(100) not null unique,
    client_id_issued_at timestamp with time zone default current_timestamp not null,
    client_secret varchar(200),
    client_secret_expires_at timestamp with time zone,
    client_name varchar(200) not null,
    client_authentication_methods varchar(1000) not null,
    authorization_grant_types varchar(1000) not null,
    redirect_uris varchar(4000),
    post_logout_redirect_uris varchar(4000),
    scopes varchar(1000) not null,
    client_settings varchar(4000) not null,
    token_settings varchar(4000) not null
);

create table oauth2_authorization_consent (
    registered_client_id varchar(100) not null,
    principal_name varchar(200) not null,
    authorities varchar(1000) not null,
    primary key (registered_client_id, principal_name)
);

create table oauth2_authorization (
    id varchar(100) primary key,
    version integer default 1 not null,
    created_at timestamp with time zone default current_timestamp not null,
    registered_client_id varchar(100) not null,
    principal_name varchar(200) not null,
    authorization_grant_type varchar(100) not null,
    authorized_scopes varchar(1000),
    attributes varchar,
    state varchar(500),
    authorization_code_value varchar(100),
    authorization_code_issued_at timestamp with time zone,
    authorization_code_expires_at timestamp with time zone,
    authorization_code_metadata varchar,
    access_token_value varchar(100),
    access_token_issued_at timestamp with time zone,
    access_token_expires_at timestamp with time zone,
    access_token_metadata varchar,
    access_token_type varchar(100),
    access_token_scopes varchar(1000),
    oidc_id_token_value varchar(100),
    oidc_id_token_issued_at timestamp with time zone,
    oidc_id_token_expires_at timestamp with time zone,
    oidc_id_token_metadata varchar,
    refresh_token_value varchar(100),
    refresh_token_issued_at timestamp with time zone,
    refresh_token_expires_at timestamp with time zone,
    refresh_token_metadata varchar,
    user_code_value varchar(100),
    user_code_issued_at timestamp with time zone,
    user_code_expires_at timestamp with time zone,
    user_code_metadata varchar,
    device_code_value varchar(100),
    device_code_issued_at timestamp with time zone,
    device_code_expires_at timestamp with time zone,
    device_code_metadata varchar
);
create index oauth2_authorization_state on oauth2_authorization (state);
create index oauth2_authorization_code on oauth2_authorization (authorization_code_value);
create index oauth2_authorization_access on oauth2_authorization (access_token_value);
create index oauth2_authorization_id_token on oauth2_authorization (oidc_id_token_value);
create index oauth2_authorization_refresh on oauth2_authorization (refresh_token_value);
create index oauth2_authorization_user on oauth2_authorization (principal_name);

-- Refresh tokens that have been exchanged: whoever shows one again ends the family.
create table spent_refresh_token (
    token varchar(100) primary key,
    authorization_id varchar(100) not null references oauth2_authorization (id) on delete cascade
);
create index spent_refresh_token_authorization on spent_refresh_token (authorization_id);

-- Which clients a person's session has been used with: they are told when it ends.
create table session_client (
    authorization_id varchar(100) primary key,
    session_id varchar(100) not null,
    registered_client_id varchar(100) not null,
    subject varchar(200) not null,
    created_at timestamp with time zone not null
);
create index session_client_session on session_client (session_id);

-- A generation exists once, whichever instance made it.
create table signing_key (
    generation integer primary key,
    sealed bytea not null,
    signs_from timestamp with time zone not null
);

create table api_key (
    id varchar(40) primary key,
    sha256 varchar(64) not null unique,
    client varchar(100) not null,
    scopes varchar(1000) not null,
    roles varchar(1000) not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone
);

create table api_key_sequence (
    last bigint not null
);
insert into api_key_sequence (last) values (0);
