using System.CommandLine;
using Sluice.Cli.Api;
using Sluice.Cli.Serving;
using Sluice.Server;
using Sluice.Server.Configuration;
using Spectre.Console;

namespace Sluice.Cli.Demo;

/// <summary><c>sluice demo</c>: the product end to end on one machine, against stand-ins for the three clouds; and who reads what on them, by policies.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Leave the server and the stand-ins running at the end." };
        var data = new Option<string?>("--data") { Description = "Where the server keeps its data; a temporary directory when left out." };
        var port = new Option<int>(LocalPort.Flag) { Description = "The server's port on 127.0.0.1; a free one when left out." };
        var command = new Command("demo", "Start a server and stand-ins for AWS, Snowflake and Databricks, register them, crawl them, activate a database of each, and govern who reads what on each.") { keep, data, port };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(keep), arguments.GetValue(data), arguments.GetValue(port), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(bool keep, string? data, int port, CancellationToken cancellationToken)
    {
        if (LocalPort.Problem(port) is { } wrongPort)
        {
            await Console.Error.WriteLineAsync($"sluice: {wrongPort}");
            return ExitCode.Usage;
        }

        var directory = data is null ? Directory.CreateTempSubdirectory("sluice-demo-").FullName : Path.GetFullPath(data);
        try
        {
            await using var lake = await LakeDemo.StartAsync(cancellationToken);
            await using var snowflake = await SnowflakeDemo.StartAsync(cancellationToken);
            await using var databricks = await DatabricksDemo.StartAsync(cancellationToken);
            var settings = SettingsOf(directory, port);
            await using var server = await SluiceServer.StartAsync(settings, cancellationToken);
            var keyFile = Path.Combine(directory, "admin.key");
            var url = server.Urls[0];

            using var api = ApiClient.Open(url, keyFile);
            await new DemoStory(api, [lake, snowflake, databricks], AnsiConsole.Console).TellAsync(cancellationToken);
            await new GovernanceStory(api, lake, AnsiConsole.Console).TellAsync(cancellationToken);
            await new CloudStory(api, [snowflake, databricks], AnsiConsole.Console).TellAsync(cancellationToken);

            if (!keep)
            {
                Console.WriteLine($"\nThe server ran on {url} and stops now. './sluice demo --keep' leaves it running, to go on at {url}/docs.");
                return ExitCode.Success;
            }

            Console.WriteLine($"\nGo on with {url}/docs; the administrator's key lies in {keyFile}:");
            Console.WriteLine($"  curl -H \"Authorization: $(cat '{keyFile}')\" {url}/data/connection/{LakeDemo.Key}");
            Console.WriteLine("Server and stand-ins keep running. Ctrl+C ends them.");
            await server.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Failure;
        }
        catch (Exception e) when (e is DemoFailedException or ApiException)
        {
            await Console.Error.WriteLineAsync($"sluice demo: {e.Message}");
            return ExitCode.Failure;
        }
        catch (Exception e) when (StartFailure.Explain(e, LocalPort.Flag) is { } reason)
        {
            await Console.Error.WriteLineAsync($"sluice demo: {reason}");
            return ExitCode.Failure;
        }
        finally
        {
            if (data is null) Directory.Delete(directory, recursive: true);
        }
    }

    // Loopback is open for the stand-ins alone: nothing else runs with these settings. The vault's key lies beside the data, for both go at the end.
    private static ServerSettings SettingsOf(string directory, int port)
    {
        string[] flags =
        [
            "--data", directory, "--urls", $"http://127.0.0.1:{port}", "--allow-loopback", "--vault-key-in-data", "--log-level", "error",
        ];
        return ServerSettings.Parse(flags, new Dictionary<string, string>(StringComparer.Ordinal), out var problems)
            ?? throw new DemoFailedException(string.Join("; ", problems.Select(p => $"{p.Path}: {p.Message}")));
    }
}
