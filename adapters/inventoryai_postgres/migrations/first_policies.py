"""Who sees which row of the first tables, and what the application may do to it at all.

No setting, no row. Companies' own tables have the one policy of ``rules.company_table``; the policies
here are for what is seen from two sides, by a company and by a person. None refers to a table that
refers back to it.
"""

from typing import Final

from inventoryai_postgres.migrations.rules import COMPANY, EMAIL, PRESENTED, USER, company_table, secure
from inventoryai_postgres.roles import APP

_TABLES: Final = ("users", "sessions", "email_verifications", "companies", "memberships", "invitations")

POLICIES: Final = f"""
{"".join(secure(table) for table in _TABLES)}
{company_table("products", "select", "insert", "update")}
{company_table("stock_movements", "select", "insert", "delete")}
grant select on migration to {APP};

-- An account: one's own, that of a colleague in the company one is in, or the one whose address is named.
create policy own on users to {APP} using (id = {USER}) with check (id = {USER});
create policy colleague on users for select to {APP}
    using (id in (select user_id from memberships where company_id = {COMPANY}));
create policy addressed on users for select to {APP} using (email = {EMAIL});
grant select, insert, update (password_hash, verified_at) on users to {APP};

-- A login or a link: one's own, or the one whose secret is presented.
create policy own on sessions to {APP} using (user_id = {USER}) with check (user_id = {USER});
create policy presented on sessions to {APP} using (token_hash = {PRESENTED}) with check (false);
grant select, insert, update (replaced_at), delete on sessions to {APP};
create policy own on email_verifications to {APP} using (user_id = {USER}) with check (user_id = {USER});
create policy presented on email_verifications to {APP} using (token_hash = {PRESENTED}) with check (false);
grant select, insert, delete on email_verifications to {APP};

create policy company on memberships to {APP}
    using (company_id = {COMPANY}) with check (company_id = {COMPANY});
create policy mine on memberships for select to {APP} using (user_id = {USER});
grant select, insert, update (role), delete on memberships to {APP};

-- An invitation: the company's, the one whose token is presented, or one to the person's proved address.
create policy company on invitations to {APP}
    using (company_id = {COMPANY}) with check (company_id = {COMPANY});
-- Others than the company may lock it to answer it, but write the answer only once inside.
create policy presented on invitations to {APP} using (token_hash = {PRESENTED}) with check (false);
create policy mine on invitations to {APP}
    using (email = (select email from users where id = {USER} and verified_at is not null))
    with check (false);
grant select, insert, update (role, state, token_hash, invited_by, expires_at) on invitations to {APP};

create policy company on companies to {APP} using (id = {COMPANY}) with check (id = {COMPANY});
create policy mine on companies for select to {APP}
    using (id in (select company_id from memberships where user_id = {USER}));
create policy inviting on companies for select to {APP}
    using (id in (select company_id from invitations where state = 'pending'));
grant select, insert, update (name) on companies to {APP};
"""
