package endpoint

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// applicationName is what the target shows in pg_stat_activity.
const applicationName = "godwit"

// pinned are the session settings that change what a value looks like; every session of the project has them.
var pinned = [...][2]string{
	{"TimeZone", "UTC"}, {"DateStyle", "ISO, YMD"}, {"IntervalStyle", "postgres"}, {"bytea_output", "hex"},
	{"extra_float_digits", "1"}, {"standard_conforming_strings", "on"}, {"client_encoding", "UTF8"},
	// A fallback closes the database by this default for all others.
	{"default_transaction_read_only", "off"},
}

// dsn spells the endpoint for pgx; it holds the password and must not be printed.
func (e *Endpoint) dsn() string {
	u := url.URL{Scheme: "postgres", Path: "/" + e.Database}
	q := url.Values{}
	for k, v := range e.Params {
		q[k] = v
	}
	if e.User != "" {
		u.User = url.UserPassword(e.User, e.password)
	}
	u.Host = e.Address()
	if e.Socket != "" {
		u.Host = ""
		q.Set("host", socketDir(e.Socket))
		q.Set("port", e.Port)
	}
	q.Set("sslmode", e.TLS.Mode)
	for k, v := range map[string]string{"sslrootcert": e.TLS.CA, "sslcert": e.TLS.Cert, "sslkey": e.TLS.Key} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if q.Get("application_name") == "" {
		q.Set("application_name", applicationName)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func socketDir(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '/' {
			return path[:i]
		}
	}
	return path
}

// PostgresConfig is the configuration of one connection, with the session settings pinned.
func (e *Endpoint) PostgresConfig() (*pgx.ConnConfig, error) {
	if e.Kind != Postgres {
		return nil, fmt.Errorf("%s is not a PostgreSQL endpoint", e)
	}
	c, err := pgx.ParseConfig(e.dsn())
	if err != nil {
		return nil, fmt.Errorf("configure %s: %w", e, scrub(err))
	}
	pin(c)
	return c, nil
}

func pin(c *pgx.ConnConfig) {
	for _, p := range pinned {
		c.RuntimeParams[p[0]] = p[1]
	}
}

// ConnectPostgres opens one connection.
func (e *Endpoint) ConnectPostgres(ctx context.Context) (*pgx.Conn, error) {
	c, err := e.PostgresConfig()
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, c)
	if err != nil {
		return nil, e.nextStep(fmt.Errorf("connect to %s: %w", e, err))
	}
	return conn, nil
}

// OpenPostgres opens a pool of at most n connections and makes sure that the server answers.
func (e *Endpoint) OpenPostgres(ctx context.Context, n int) (*pgxpool.Pool, error) {
	if e.Kind != Postgres {
		return nil, fmt.Errorf("%s is not a PostgreSQL endpoint", e)
	}
	c, err := pgxpool.ParseConfig(e.dsn())
	if err != nil {
		return nil, fmt.Errorf("configure %s: %w", e, scrub(err))
	}
	pin(c.ConnConfig)
	c.MaxConns = int32(max(n, 1))
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", e, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, e.nextStep(fmt.Errorf("connect to %s: %w", e, err))
	}
	return pool, nil
}

// scrub drops the outer text of a parse error, which repeats the connection string.
func scrub(err error) error {
	if in := errors.Unwrap(err); in != nil {
		return in
	}
	return errors.New("the parameters of the URL are not valid")
}
