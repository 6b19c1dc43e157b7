using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>Puts what went wrong at a server into words for the person who registered it.</summary>
internal static class PostgreSqlFailures
{
    // A server's words are its own, but a stranger could answer in its place with as much as it likes.

    public static PlatformException Translate(Exception e, ServerTarget target) => e switch
    {
        PlatformException known => known,
        PostgresException answer =>
            new PlatformException(Of(answer), $"PostgreSQL at {target.Address}: {ForeignWords.Bounded(answer.MessageText)}", e) { Code = answer.SqlState },
        _ => Cause(e) is { } cause
            ? new PlatformException(PlatformFailure.Unreachable, $"PostgreSQL at {target.Address} can't be reached: {cause}", e)
            : new PlatformException(PlatformFailure.Refused, $"PostgreSQL at {target.Address}: {Refusal(e)}", e),
    };

    /// <summary>The errors of PostgreSQL's appendix A that a reader of catalogs meets; classes where all their codes mean the same.</summary>
    private static PlatformFailure Of(PostgresException answer) => answer.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => PlatformFailure.CredentialsRejected,
        PostgresErrorCodes.InsufficientPrivilege => PlatformFailure.AccessDenied,
        PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable => PlatformFailure.NotFound,
        PostgresErrorCodes.TooManyConnections => PlatformFailure.Throttled,
        ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', ..] or ['4', '0', ..] => PlatformFailure.Unavailable,
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => PlatformFailure.Unavailable,

        // Two changes of one row of a catalog met, such as two grants on one table; the code alone is that of every internal error.
        PostgresErrorCodes.InternalError when answer.MessageText.StartsWith("tuple concurrently", StringComparison.Ordinal) => PlatformFailure.Unavailable,
        _ => PlatformFailure.Refused,
    };

    /// <summary>Why no conversation came about, or null when the server was there and the conversation itself went wrong.</summary>
    private static string? Cause(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException: return $"TLS failed: {ForeignWords.Bounded(cause.Message)}";
                case SocketException: return ForeignWords.Bounded(cause.Message);
                case TimeoutException: return "there was no answer in time";
                case IOException: return "the connection was dropped";
            }
        }

        return null;
    }

    private static string Refusal(Exception e) => e switch
    {
        // Npgsql's own sentences, such as that the server offers no TLS.
        NpgsqlException => ForeignWords.Bounded(e.Message),
        _ => "it answered with something that is not PostgreSQL as we know it",
    };
}
