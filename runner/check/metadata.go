package check

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

const (
	metadataFix = "SET GLOBAL binlog_row_metadata = 'FULL'"
	// metadataWhy is what is not seen without.
	metadataWhy = "without the names of columns in the log, columns of one type that change places or names by a change that the log does not hold (sql_log_bin=0) " +
		"are not seen by the stream: values land in the wrong columns"
	noMetadata = "make no schema changes on the source while the migration runs"
)

// ColumnsUnseen tells what a change stream does not see of the source's columns, with the next step; "" if it sees all.
func ColumnsUnseen(ctx context.Context, db *sql.DB) (string, error) {
	var name, value string
	err := db.QueryRowContext(ctx, "SHOW GLOBAL VARIABLES LIKE 'binlog_row_metadata'").Scan(&name, &value)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "the server has no binlog_row_metadata: " + metadataWhy + "; " + noMetadata, nil
	case err != nil:
		return "", fmt.Errorf("read binlog_row_metadata: %w", err)
	case strings.EqualFold(value, "FULL"):
		return "", nil
	}
	return "binlog_row_metadata = " + value + ": " + metadataWhy + "; " + metadataFix, nil
}
