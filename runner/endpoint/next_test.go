package endpoint

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestNextStep: an error of connecting says what to look at, keeps its cause, and holds no password.
func TestNextStep(t *testing.T) {
	e, err := Parse("mysql://u:hidden@127.0.0.1:1/d")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{&mysql.MySQLError{Number: 1045, Message: "denied"}, "sslmode=require"},
		{&mysql.MySQLError{Number: 3159, Message: "insecure"}, "sslmode=require"},
		{&pgconn.PgError{Code: "3D000"}, "CREATE DATABASE"},
		{&pgconn.PgError{Code: "53300"}, "load.workers"},
		{errors.New("tls error: server refused TLS connection"), "sslmode=prefer"},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, "host and port"},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x"}}, "check the host"},
		{errors.New("tls: failed to verify certificate: x509: unknown authority"), "sslrootcert"},
	} {
		got := e.nextStep(c.err)
		if !errors.Is(got, c.err) || !strings.Contains(got.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.err, got, c.want)
		}
	}
	if plain := errors.New("other"); e.nextStep(plain) != plain {
		t.Error("an unknown error was changed")
	}
	if _, err := e.OpenMySQL(context.Background()); err == nil || !strings.Contains(err.Error(), "host and port") || strings.Contains(err.Error(), "hidden") {
		t.Errorf("%v", err)
	}
}
