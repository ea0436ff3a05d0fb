"""Companies, who is in them, and who is asked in.

That a company keeps an Admin is checked when the transaction ends, so that two changes may cancel
out, and under a lock on the company, so that two Admins who demote each other cannot both succeed.
"""

from typing import Final

COMPANIES: Final = """
create table companies (
    id uuid primary key,
    name text not null,
    country text not null constraint companies_country_check check (country ~ '^[A-Z]{2}$'),
    currency text not null constraint companies_currency_check check (currency ~ '^[A-Z]{3}$'),
    time_zone text not null,
    locale text not null constraint companies_locale_check check (locale in ('en', 'fr')),
    created_at timestamptz not null
);

create table memberships (
    company_id uuid not null references companies on delete cascade,
    user_id uuid not null references users,
    role text not null constraint memberships_role_check check (role in ('admin', 'member')),
    joined_at timestamptz not null,
    constraint memberships_pkey primary key (company_id, user_id)
);
create index memberships_user_id_idx on memberships (user_id);

create function company_keeps_an_admin() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
    company uuid := case tg_table_name when 'companies' then to_jsonb(new) ->> 'id'
                                       else to_jsonb(old) ->> 'company_id' end;
begin
    perform from companies where id = company for no key update;
    if found and not exists (
        select from memberships where company_id = company and role = 'admin'
    ) then
        raise exception using
            errcode = 'check_violation',
            constraint = 'companies_admin_check',
            table = 'companies',
            message = 'a company keeps at least one admin';
    end if;
    return null;
end $$;

create constraint trigger companies_admin_check after insert on companies
    deferrable initially deferred for each row execute function company_keeps_an_admin();
create constraint trigger memberships_admin_check after update or delete on memberships
    deferrable initially deferred for each row execute function company_keeps_an_admin();

create table invitations (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    email text not null,
    role text not null constraint invitations_role_check check (role in ('admin', 'member')),
    state text not null constraint invitations_state_check
        check (state in ('pending', 'accepted', 'declined', 'revoked')),
    token_hash bytea not null constraint invitations_token_hash_key unique,
    invited_by uuid not null references users,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint invitations_pkey primary key (company_id, id)
);
create unique index invitations_pending_key on invitations (company_id, email) where state = 'pending';
create index invitations_email_idx on invitations (email);
create index invitations_id_idx on invitations (id);
"""
