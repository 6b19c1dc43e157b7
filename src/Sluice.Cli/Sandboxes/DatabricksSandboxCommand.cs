using System.CommandLine;
using Sluice.Cli.Serving;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Cli.Sandboxes;

/// <summary><c>sluice sandbox databricks</c>: the Databricks stand-in alone.</summary>
internal static class DatabricksSandboxCommand
{
    public static Command Create()
    {
        var port = new Option<int>(LocalPort.Flag) { Description = "The port on 127.0.0.1; a free one when left out." };
        var catalog = new GeneratedCatalogOptions(tablesPerPart: 10_000, parts: "catalogs");
        var certificate = new Option<string?>("--tls-certificate") { Description = "Speak HTTPS, and write the certificate that clients must trust to this file (PEM)." };
        var reuse = new Option<bool>("--reuse-results") { Description = "Answer a repeated query from its earlier result, for benchmarks." };
        var command = new Command("databricks", "A Databricks workspace with Unity Catalog, a SQL warehouse and a cluster on one port of 127.0.0.1.") { port };
        catalog.AddTo(command);
        command.Add(certificate);
        command.Add(reuse);
        command.SetAction((arguments, cancellationToken) =>
        {
            var shape = catalog.Read(arguments);
            return SandboxRun.RunAsync(
                shape.Problems(), arguments.GetValue(port), ending => StartAsync(OptionsOf(shape, arguments), arguments.GetValue(certificate), ending), Tell, cancellationToken);
        });
        return command;

        DatabricksSandboxOptions OptionsOf(GeneratedCatalog shape, ParseResult arguments) => new()
        {
            Port = arguments.GetValue(port),
            Catalog = shape.Tables is { } count
                ? DatabricksSandboxCatalog.Generated(count, shape.Columns ?? GeneratedCatalog.StandardColumns, shape.Parts)
                : DatabricksSandboxCatalog.Demo,
            Tls = arguments.GetValue(certificate) is not null,
            ReuseResults = arguments.GetValue(reuse),
        };
    }

    private static async Task<DatabricksSandbox> StartAsync(DatabricksSandboxOptions options, string? certificate, CancellationToken cancellationToken)
    {
        var sandbox = await DatabricksSandbox.StartAsync(options, cancellationToken);
        try
        {
            if (certificate is not null) await File.WriteAllTextAsync(certificate, sandbox.CertificatePem, cancellationToken);
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    private static string Tell(DatabricksSandbox sandbox) => $"""
        Databricks stand-in on {sandbox.Endpoint} (workspace {sandbox.WorkspaceId}, metastore {sandbox.MetastoreId}). Its tokens open nothing else.
          token         {sandbox.Token}
          oAuthM2M      client {sandbox.ClientId}  secret {sandbox.ClientSecret}
                        token endpoint {sandbox.Endpoint}oidc/v1/token
          administrator {sandbox.AdministratorToken}  of account, metastore and workspace
          warehouse     /sql/1.0/warehouses/{sandbox.WarehouseId}
          cluster       sql/protocolv1/o/{sandbox.WorkspaceId}/{sandbox.ClusterId}
        Faults, the warehouse's state and what was asked are below {sandbox.Endpoint}_sandbox/ (faults, requests, warehouse, cluster, principals, catalog, reset).
        """;
}
