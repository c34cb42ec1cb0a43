package cutover

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// ReadOnlySwitch makes a MySQL or MariaDB server read-only. It stops the whole server, not one schema.
type ReadOnlySwitch struct{ DB *sql.DB }

var _ Fencer = ReadOnlySwitch{}

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
	return v != "" && !strings.EqualFold(v, "OFF") && v != "0", err
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
