using System.CommandLine;
using Sluice.Cli.Api;

namespace Sluice.Cli.Connections;

/// <summary><c>sluice connection</c>.</summary>
internal static class ConnectionCommand
{
    public static Command Create() => new("connection", "Work with a registered connection.") { Delete(), ConfirmRestore() };

    private static Command Delete()
    {
        var key = new Argument<string>("key") { Description = "The connection's key." };
        var cleanup = new Option<bool>("--cleanup") { Description = "Take back everything of Sluice's on the platform before; else it stays as it is." };
        var restore = new Option<bool>("--restore") { Description = "Put back, as a part of the cleanup, the grants of others that Sluice took away." };
        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        return new Command("delete", "Delete a connection with its credentials, and all that is known below it.") { key, cleanup, restore, yes }.CallsServer(async (arguments, client, cancellationToken) =>
        {
            var name = arguments.GetValue(key)!;
            var (cleansUp, restores) = (arguments.GetValue(cleanup), arguments.GetValue(restore));
            if (restores && !cleansUp) throw new ApiException("--restore is a part of --cleanup: give both.");
            if (!arguments.GetValue(yes) && !Confirm(name, cleansUp, restores ? 0 : await RemovedGrantsAsync(client, name, cancellationToken))) return ExitCode.Failure;
            var answer = await client.DeleteAsync($"/data/object/{Uri.EscapeDataString(name)}{(cleansUp ? $"?cleanup=true{(restores ? "&restore=true" : "")}" : "")}", cancellationToken);
            if (answer["bulkId"]?.GetValue<string>() is { } bulkId)
            {
                var job = await client.FollowAsync(bulkId, cancellationToken);
                if (job["state"]!.GetValue<string>() != "completed")
                {
                    Console.Error.WriteLine($"sluice: the connection was not deleted. {job["error"]?.GetValue<string>()}");
                    return ExitCode.Failure;
                }

                Console.WriteLine($"Taken back: {job["output"]?["takenBack"]}; put back: {job["output"]?["restored"]}.");
            }

            Console.WriteLine($"Deleted: {name}, with {answer["childCount"]} objects.");
            if (answer["removedGrants"]?["count"] is { } count) Console.WriteLine($"{count} grants of others that Sluice took away are not back: sluice restore \"{name}\" lists what puts them back.");
            return ExitCode.Success;
        });
    }

    private static Command ConfirmRestore()
    {
        var key = new Argument<string>("connection") { Description = "The connection's key." };
        return new Command("confirm-restore", "Have the server write to a platform again that is ahead of its database, after a backup was put back. Look at 'sluice plan' first.") { key }
            .CallsServer(async (arguments, client, cancellationToken) =>
            {
                var accepted = await client.PostAsync($"/api/v1/connections/{Uri.EscapeDataString(arguments.GetValue(key)!)}/confirm-restore", null, cancellationToken);
                var job = await client.FollowAsync(accepted["bulkId"]!.GetValue<string>(), cancellationToken);
                var state = job["state"]!.GetValue<string>();
                if (state == "completed")
                {
                    Console.WriteLine(job["output"]?["waiting"]?.GetValue<string>() is { } waiting ? $"Confirmed; {waiting}" : "Confirmed; the platform is what the policies ask for.");
                    return ExitCode.Success;
                }

                await Console.Error.WriteLineAsync($"sluice: confirmed, and the job is {state}. {job["error"]?.GetValue<string>()}");
                return ExitCode.Failure;
            });
    }

    // Who may not see them is not told of them.
    private static async Task<long> RemovedGrantsAsync(ApiClient client, string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetAsync($"/api/v1/removed-grants?connection={Uri.EscapeDataString(key)}&size=1", cancellationToken))["count"]!.GetValue<long>();
        }
        catch (ApiException)
        {
            return 0;
        }
    }

    private static bool Confirm(string key, bool cleansUp, long removed)
    {
        if (removed > 0) Console.Error.WriteLine($"sluice: Sluice took {removed} grants of others away there. --cleanup --restore puts them back; once the connection is gone, nobody but you can.");
        if (Console.IsInputRedirected)
        {
            Console.Error.WriteLine($"sluice: connection '{key}' would be deleted: say --yes.");
            return false;
        }

        Console.Write($"Delete connection '{key}'{(cleansUp ? ", and everything of Sluice's on its platform" : ", and leave its platform as it is")}? [y/N] ");
        return Console.ReadLine()?.Trim().Equals("y", StringComparison.OrdinalIgnoreCase) == true;
    }
}
