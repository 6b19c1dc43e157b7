using System.CommandLine;

namespace Sluice.Cli.Api;

/// <summary>Which server a command talks to, and as whom.</summary>
internal static class ServerOptions
{
    public static readonly Option<string> Server = new("--server")
    {
        Description = "The server's URL; SLUICE_SERVER, else http://127.0.0.1:8080, when left out.",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("SLUICE_SERVER") ?? "http://127.0.0.1:8080",
        Recursive = true,
    };

    public static readonly Option<string?> KeyFile = new("--key-file")
    {
        Description = "A file with an API key or token; SLUICE_KEY_FILE when left out.",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("SLUICE_KEY_FILE"),
        Recursive = true,
    };

    /// <summary>Gives a command the two options and an action that talks to the server; what goes wrong is told in one line.</summary>
    public static Command CallsServer(this Command command, Func<ParseResult, ApiClient, CancellationToken, Task<int>> action)
    {
        command.Options.Add(Server);
        command.Options.Add(KeyFile);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            try
            {
                using var client = ApiClient.Open(arguments.GetValue(Server)!, arguments.GetValue(KeyFile));
                return await action(arguments, client, cancellationToken);
            }
            catch (ApiException e)
            {
                await Console.Error.WriteLineAsync($"sluice: {e.Message}");
                return ExitCode.Failure;
            }
        });
        return command;
    }
}
