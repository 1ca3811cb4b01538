-- Whoever is locked out keeps name and roles, and gets nothing.
alter table account add column locked boolean default false not null;
