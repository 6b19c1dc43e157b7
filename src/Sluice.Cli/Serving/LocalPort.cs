using System.Net;

namespace Sluice.Cli.Serving;

/// <summary>The <c>--port</c> of commands that listen on 127.0.0.1.</summary>
internal static class LocalPort
{
    public const string Flag = "--port";

    /// <summary>What is wrong with a port, or null.</summary>
    public static string? Problem(int port) =>
        port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort ? $"{Flag}: must be from {IPEndPoint.MinPort} to {IPEndPoint.MaxPort}" : null;
}
