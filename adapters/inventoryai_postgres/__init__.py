"""PostgreSQL: tables and migrations by Piccolo, transactions and the hot statements by asyncpg."""
