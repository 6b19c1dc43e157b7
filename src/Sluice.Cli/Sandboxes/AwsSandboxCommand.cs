using System.CommandLine;
using Sluice.Cli.Serving;
using Sluice.Sandbox.Aws;

namespace Sluice.Cli.Sandboxes;

/// <summary><c>sluice sandbox aws</c>: the AWS stand-in alone.</summary>
internal static class AwsSandboxCommand
{
    public static Command Create()
    {
        var port = new Option<int>(LocalPort.Flag) { Description = "The port on 127.0.0.1; a free one when left out." };
        var tables = new Option<int?>("--tables") { Description = "A generated catalog of this many tables; the demo's catalog when left out." };
        var columns = new Option<int?>("--columns") { Description = $"Columns per generated table; {GeneratedCatalog.StandardColumns} when left out." };
        var databases = new Option<int?>("--databases") { Description = "Generated databases; one per 1,000 tables when left out." };
        var externalId = new Option<string?>("--external-id") { Description = "The external id that the role's trust policy asks for: this server's own, from GET /api/v1/aws/identity." };
        var preRender = new Option<bool>("--pre-render") { Description = "Render every page before answering, for benchmarks." };
        var command = new Command("aws", "Glue, Lake Formation and STS on one port of 127.0.0.1.") { port, tables, columns, databases, externalId, preRender };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var shape = new GeneratedCatalog(arguments.GetValue(tables), arguments.GetValue(columns), arguments.GetValue(databases));
            List<string> problems = [.. shape.Problems()];
            if (LocalPort.Problem(arguments.GetValue(port)) is { } wrongPort) problems.Add(wrongPort);
            foreach (var problem in problems) await Console.Error.WriteLineAsync($"sluice: {problem}");
            if (problems.Count > 0) return ExitCode.Usage;
            var options = new AwsSandboxOptions
            {
                Port = arguments.GetValue(port),
                Catalog = shape.Make(),
                ExternalId = arguments.GetValue(externalId) ?? new AwsSandboxOptions().ExternalId,
                PreRenderPages = arguments.GetValue(preRender),
            };
            try
            {
                return await RunAsync(options, cancellationToken);
            }
            catch (Exception e) when (StartFailure.Explain(e, LocalPort.Flag) is { } reason)
            {
                await Console.Error.WriteLineAsync($"sluice: {reason}");
                return ExitCode.Failure;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(AwsSandboxOptions options, CancellationToken cancellationToken)
    {
        await using var sandbox = await AwsSandbox.StartAsync(options, cancellationToken);
        Console.WriteLine($"""
            AWS stand-in on {sandbox.Endpoint} (account {sandbox.AccountId}, {sandbox.Region}). Its keys open nothing else.
              accessKey     {sandbox.Credentials.AccessKeyId}  {sandbox.Credentials.SecretAccessKey}
              assumedRole   {sandbox.RoleArn}  external id {sandbox.ExternalId}
                            to be assumed by {sandbox.ServerArn}  {sandbox.ServerCredentials.AccessKeyId}  {sandbox.ServerCredentials.SecretAccessKey}
            Start the server with --allow-loopback and give the connection "endpoints":
              "glue": "{sandbox.Endpoint}", "lakeformation": "{sandbox.Endpoint}", "sts": "{sandbox.Endpoint}"
            Ctrl+C ends it.
            """);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C.
        }

        return ExitCode.Success;
    }
}
