"""Accounts, logins and links that prove an address. They are a person's, of no company."""

from typing import Final

IDENTITY: Final = """
create table users (
    id uuid primary key,
    email text not null constraint users_email_key unique,
    full_name text not null,
    locale text not null constraint users_locale_check check (locale in ('en', 'fr')),
    password_hash text not null,
    created_at timestamptz not null,
    verified_at timestamptz,
    constraint users_email_lower_check check (email = lower(email))
);

create table sessions (
    id uuid primary key,
    family uuid not null,
    user_id uuid not null references users on delete cascade,
    token_hash bytea not null constraint sessions_token_hash_key unique,
    expires_at timestamptz not null,
    replaced_at timestamptz
);
create index sessions_user_id_idx on sessions (user_id);
create index sessions_family_idx on sessions (family);

create table email_verifications (
    token_hash bytea primary key,
    user_id uuid not null references users on delete cascade,
    expires_at timestamptz not null
);
create index email_verifications_user_id_idx on email_verifications (user_id);
"""
