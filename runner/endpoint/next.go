package endpoint

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
)

// nextStep adds to an error of connecting what to look at next.
func (e *Endpoint) nextStep(err error) error {
	next := ""
	var my *mysql.MySQLError
	var pg *pgconn.PgError
	var dns *net.DNSError
	switch {
	case errors.As(err, &my):
		next = mysqlSteps[my.Number]
	case errors.As(err, &pg):
		next = postgresSteps[pg.Code]
	case strings.Contains(err.Error(), "server refused TLS connection"):
		next = "turn ssl on at the server, or ask for less with sslmode=prefer in the URL"
	case errors.As(err, &dns):
		next = "check the host in the URL"
	case errors.Is(err, os.ErrDeadlineExceeded), refusedDial(err):
		next = "check host and port in the URL, that the server is running, and that it listens there and no firewall is between"
	case strings.Contains(err.Error(), "x509:"), strings.Contains(err.Error(), "tls:"):
		next = "check sslmode, sslrootcert and the server's certificate"
	}
	if next == "" {
		return err
	}
	return fmt.Errorf("%w; %s", err, next)
}

// refusedDial tells that nobody answered.
func refusedDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

const badPassword = "check the user, and what its password refers to (source.password or target.password of a task, ?password= of a URL: env:NAME or file:PATH)"

// mysqlSteps are by error number. A server refuses an account that must use TLS as it refuses a wrong password.
var mysqlSteps = map[uint16]string{
	1045: badPassword + "; an account that requires TLS is refused in the same words: use sslmode=require, and see that the server has TLS",
	1698: badPassword,
	1044: "check the name of the database, and that the user has rights on it",
	1049: "check the name of the database, and that the user has rights on it",
	1040: "raise max_connections on the server, or lower load.workers",
	1203: "raise max_user_connections on the server, or lower load.workers",
	1226: "raise the account's limits (ALTER USER ... WITH MAX_USER_CONNECTIONS), or lower load.workers",
	1129: "run FLUSH HOSTS on the server",
	1130: "the server knows no account for this client's address: create one for its host",
	3118: "unlock the account (ALTER USER ... ACCOUNT UNLOCK)",
	4151: "unlock the account (ALTER USER ... ACCOUNT UNLOCK)",
	3159: "the server takes protected connections only: use sslmode=require",
	1862: "the password has expired: set a new one (ALTER USER ... IDENTIFIED BY)",
}

// postgresSteps are by SQLSTATE.
var postgresSteps = map[string]string{
	"28P01": badPassword,
	"28000": "see pg_hba.conf on the server: it knows no rule for this user, database, address and kind of connection, or the role may not log in",
	"3D000": "create the database (CREATE DATABASE ... ENCODING 'UTF8'), or correct its name in the URL",
	"53300": "raise max_connections or the limit of the role or database (CONNECTION LIMIT), or lower load.workers",
	"42501": "GRANT CONNECT ON DATABASE to the role",
	"57P03": "the server is starting, stopping or recovering: try again",
	"55000": "the database takes no connections: see ALLOW_CONNECTIONS in pg_database",
}
