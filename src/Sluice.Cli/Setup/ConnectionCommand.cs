using System.CommandLine;
using Sluice.Cli.Api;

namespace Sluice.Cli.Setup;

/// <summary><c>sluice connection</c>.</summary>
internal static class ConnectionCommand
{
    public static Command Create()
    {
        var key = new Argument<string>("connection") { Description = "The connection's key." };
        var confirm = new Command("confirm-restore", "Have the server write to a platform again that is ahead of its database, after a backup was put back. Look at 'sluice plan' first.") { key }
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
        return new Command("connection", "Work with a registered connection.") { confirm };
    }
}
