using System.Net.Sockets;
using Sluice.Storage;
using Sluice.Storage.Vault;

namespace Sluice.Cli.Serving;

/// <summary>Turns what keeps a server from starting into one line that says what to do.</summary>
internal static class StartFailure
{
    /// <summary>The line, or null for what is a fault of ours and deserves its stack trace.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="addressFlag">The flag that names another address.</param>
    public static string? Explain(Exception e, string addressFlag = "--urls") => e switch
    {
        VaultException or DatabaseTooNewException or DatabaseTakenException => e.Message,
        IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } or
            IOException { InnerException.InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } =>
            $"{e.Message} Stop the other program or choose another address with {addressFlag}.",
        IOException or UnauthorizedAccessException or SocketException => e.Message,
        Npgsql.NpgsqlException => $"The database can't be used: {e.Message}",
        Microsoft.Data.Sqlite.SqliteException => $"The database can't be used: {e.Message}",
        _ => null,
    };
}
