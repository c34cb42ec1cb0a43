// Package postgres writes to PostgreSQL: chunks of a full load by COPY, transactions of a change stream, and the
// progress of both in the schema godwit of the target.
package postgres
