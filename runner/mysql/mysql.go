// Package mysql reads MySQL and MariaDB: consistent snapshots for the full load, and the binary log as the stream
// of changes.
package mysql
