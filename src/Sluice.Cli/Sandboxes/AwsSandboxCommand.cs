using System.CommandLine;
using Sluice.Cli.Serving;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Catalog;

namespace Sluice.Cli.Sandboxes;

/// <summary><c>sluice sandbox aws</c>: the AWS stand-in alone.</summary>
internal static class AwsSandboxCommand
{
    public static Command Create()
    {
        var port = new Option<int>(LocalPort.Flag) { Description = "The port on 127.0.0.1; a free one when left out." };
        var catalog = new GeneratedCatalogOptions(tablesPerPart: 1_000);
        var externalId = new Option<string?>("--external-id") { Description = "The external id that the role's trust policy asks for: this server's own, from GET /api/v1/aws/identity." };
        var preRender = new Option<bool>("--pre-render") { Description = "Render every page before answering, for benchmarks." };
        var command = new Command("aws", "Glue, Lake Formation and STS on one port of 127.0.0.1.") { port };
        catalog.AddTo(command);
        command.Add(externalId);
        command.Add(preRender);
        command.SetAction((arguments, cancellationToken) =>
        {
            var shape = catalog.Read(arguments);
            return SandboxRun.RunAsync(shape.Problems(), arguments.GetValue(port), ending => AwsSandbox.StartAsync(OptionsOf(shape, arguments), ending), Tell, cancellationToken);
        });
        return command;

        AwsSandboxOptions OptionsOf(GeneratedCatalog shape, ParseResult arguments) => new()
        {
            Port = arguments.GetValue(port),
            Catalog = shape.Tables is { } count ? AwsSandboxCatalog.Generated(count, shape.Columns ?? GeneratedCatalog.StandardColumns, shape.Parts) : AwsSandboxCatalog.Demo,
            ExternalId = arguments.GetValue(externalId) ?? new AwsSandboxOptions().ExternalId,
            PreRenderPages = arguments.GetValue(preRender),
        };
    }

    private static string Tell(AwsSandbox sandbox) => $"""
        AWS stand-in on {sandbox.Endpoint} (account {sandbox.AccountId}, {sandbox.Region}). Its keys open nothing else.
          accessKey     {sandbox.Credentials.AccessKeyId}  {sandbox.Credentials.SecretAccessKey}
          assumedRole   {sandbox.RoleArn}  external id {sandbox.ExternalId}
                        to be assumed by {sandbox.ServerArn}  {sandbox.ServerCredentials.AccessKeyId}  {sandbox.ServerCredentials.SecretAccessKey}
        Start the server with --allow-loopback and give the connection "endpoints":
          "glue": "{sandbox.Endpoint}", "lakeformation": "{sandbox.Endpoint}", "sts": "{sandbox.Endpoint}"
        """;
}
