package cutover

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ReadOnlySwitch makes a MySQL or MariaDB server read-only. It stops the whole server, not one schema.
type ReadOnlySwitch struct{ DB *sql.DB }

var (
	_ Fencer   = ReadOnlySwitch{}
	_ Admitter = ReadOnlySwitch{}
	_ Fencer   = DatabaseSwitch{}
)

// variable is the strongest switch that the server has: MySQL's super_read_only stops administrators, too.
func (s ReadOnlySwitch) variable(ctx context.Context) (name, value string, err error) {
	rows, err := s.DB.QueryContext(ctx, "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only')")
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	for rows.Next() {
		var n, v string
		if err := rows.Scan(&n, &v); err != nil {
			return "", "", err
		}
		if n > name {
			name, value = n, v
		}
	}
	return name, value, rows.Err()
}

// ReadOnly tells whether the server refuses writes.
func (s ReadOnlySwitch) ReadOnly(ctx context.Context) (bool, error) {
	_, v, err := s.variable(ctx)
	// MariaDB 12 has more values than ON and OFF; all but OFF refuse writes.
	return isOn(v), err
}

// SetReadOnly turns the switch. Turning it off opens read_only, too, which super_read_only implies.
func (s ReadOnlySwitch) SetReadOnly(ctx context.Context, on bool) error {
	name, _, err := s.variable(ctx)
	if err != nil {
		return err
	}
	if name == "" {
		return fmt.Errorf("the server has no read_only switch")
	}
	q := "SET GLOBAL " + name + " = ON"
	if !on {
		q = "SET GLOBAL read_only = OFF" // turns super_read_only off as well
	}
	_, err = s.DB.ExecContext(ctx, q)
	return err
}

// Admit turns super_read_only off and leaves read_only on.
func (s ReadOnlySwitch) Admit(ctx context.Context) error {
	name, v, err := s.variable(ctx)
	if err != nil || name != "super_read_only" || !isOn(v) {
		return err
	}
	_, err = s.DB.ExecContext(ctx, "SET GLOBAL super_read_only = OFF")
	return err
}

// Admitting tells that read_only is on, whatever super_read_only is.
func (s ReadOnlySwitch) Admitting(ctx context.Context) (bool, error) {
	var v string
	err := s.DB.QueryRowContext(ctx, "SELECT @@GLOBAL.read_only").Scan(&v)
	return isOn(v), err
}

func isOn(v string) bool { return v != "" && !strings.EqualFold(v, "OFF") && v != "0" }

// Check tells whether the account may turn the switch, as far as its grants say.
func (s ReadOnlySwitch) Check(ctx context.Context) error {
	rows, err := s.DB.QueryContext(ctx, "SHOW GRANTS")
	if err != nil {
		return fmt.Errorf("read the grants: %w", err)
	}
	defer rows.Close()
	found := false
	for rows.Next() {
		var g string
		if err := rows.Scan(&g); err != nil {
			return fmt.Errorf("read the grants: %w", err)
		}
		what, on, global := strings.Cut(strings.ToUpper(g), " ON *.* ")
		for _, p := range []string{"ALL PRIVILEGES", "SUPER", "SYSTEM_VARIABLES_ADMIN", "READ_ONLY ADMIN", "READ ONLY ADMIN"} {
			found = found || global && on != "" && strings.Contains(what, p)
		}
		// What a role brings is not listed; the server will tell.
		found = found || !strings.Contains(strings.ToUpper(g), " ON ")
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the grants: %w", err)
	}
	if !found {
		return errors.New("the account has neither SUPER nor SYSTEM_VARIABLES_ADMIN (MariaDB: READ_ONLY ADMIN); grant it, or stop the applications and give --apps-stopped")
	}
	return nil
}

// DatabaseSwitch makes a PostgreSQL database read-only: new transactions of all sessions are read-only by default, and the
// sessions that are there are ended. A session that sets its transactions read-write by itself is not stopped; what it
// writes is found when the stream is drained.
type DatabaseSwitch struct{ Pool *pgxpool.Pool }

// Check tells whether the role may turn the switch.
func (s DatabaseSwitch) Check(ctx context.Context) error {
	var owner, signal bool
	err := s.Pool.QueryRow(ctx, `SELECT pg_has_role(d.datdba, 'USAGE'),
		r.rolsuper OR pg_has_role('pg_signal_backend', 'USAGE') FROM pg_database d, pg_roles r
		WHERE d.datname = current_database() AND r.rolname = current_user`).Scan(&owner, &signal)
	switch {
	case err != nil:
		return fmt.Errorf("read the rights: %w", err)
	case !owner:
		return errors.New("the role does not own the database; use the owner, or stop the applications and give --apps-stopped")
	case !signal:
		return errors.New("the role must not end sessions of others; run GRANT pg_signal_backend, or stop the applications and give --apps-stopped")
	}
	return nil
}

// ReadOnly tells whether new transactions of the database are read-only.
func (s DatabaseSwitch) ReadOnly(ctx context.Context) (on bool, err error) {
	err = s.Pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
		WHERE d.datname = current_database() AND s.setrole = 0 AND 'default_transaction_read_only=on' = ANY (s.setconfig))`).Scan(&on)
	return on, err
}

// SetReadOnly turns the switch.
func (s DatabaseSwitch) SetReadOnly(ctx context.Context, on bool) error {
	err := pgx.BeginTxFunc(ctx, s.Pool, readWrite, func(tx pgx.Tx) error {
		var name string
		if err := tx.QueryRow(ctx, "SELECT current_database()").Scan(&name); err != nil {
			return err
		}
		q := "ALTER DATABASE " + ident(name) + " SET default_transaction_read_only = on"
		if !on {
			q = "ALTER DATABASE " + ident(name) + " RESET default_transaction_read_only"
		}
		_, err := tx.Exec(ctx, q)
		return err
	})
	if err != nil || !on {
		return err
	}
	return s.endOthers(ctx)
}

// endOthers ends the sessions of the applications; this project's own go on.
func (s DatabaseSwitch) endOthers(ctx context.Context) error {
	_, err := s.Pool.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
		AND backend_type = 'client backend' AND application_name NOT IN (SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid())`)
	return err
}
