using System.CommandLine;
using Sluice.Cli.Serving;
using Sluice.Sandbox.Snowflake;
using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Cli.Sandboxes;

/// <summary><c>sluice sandbox snowflake</c>: the Snowflake stand-in alone.</summary>
internal static class SnowflakeSandboxCommand
{
    private const string ClientId = "sluice";
    private const string ClientSecret = "sandbox-client-secret";

    public static Command Create()
    {
        var port = new Option<int>(LocalPort.Flag) { Description = "The port on 127.0.0.1; a free one when left out." };
        var catalog = new GeneratedCatalogOptions(tablesPerPart: 10_000);
        var standard = new Option<bool>("--standard") { Description = "An account of the Standard edition, which has no policies; Enterprise when left out." };
        var keyFile = new Option<string?>("--private-key") { Description = $"A file to write a new private key of {SnowflakeSandbox.ServiceName} to, in PEM (PKCS #8)." };
        var certificate = new Option<string?>("--oauth-certificate") { Description = $"The certificate (PEM) by which the OAuth client '{ClientId}' may authenticate, in place of its secret." };
        var reuse = new Option<bool>("--reuse-results") { Description = "Answer a repeated query from its earlier result, for benchmarks." };
        var command = new Command("snowflake", "A Snowflake account on one port of 127.0.0.1.") { port };
        catalog.AddTo(command);
        command.Add(standard);
        command.Add(keyFile);
        command.Add(certificate);
        command.Add(reuse);
        command.SetAction((arguments, cancellationToken) =>
        {
            var shape = catalog.Read(arguments);
            return SandboxRun.RunAsync(shape.Problems(), arguments.GetValue(port), ending => StartAsync(shape, arguments, ending), sandbox => Tell(sandbox, arguments.GetValue(keyFile)), cancellationToken);
        });
        return command;

        async Task<SnowflakeSandbox> StartAsync(GeneratedCatalog shape, ParseResult arguments, CancellationToken cancellationToken)
        {
            var certificatePem = arguments.GetValue(certificate) is { } file ? await File.ReadAllTextAsync(file, cancellationToken) : null;
            var sandbox = await SnowflakeSandbox.StartAsync(
                new()
                {
                    Port = arguments.GetValue(port),
                    Edition = arguments.GetValue(standard) ? SnowflakeEdition.Standard : SnowflakeEdition.Enterprise,
                    Catalog = shape.Tables is { } count
                        ? SnowflakeSandboxCatalog.Generated(count, shape.Columns ?? GeneratedCatalog.StandardColumns, shape.Parts)
                        : SnowflakeSandboxCatalog.Demo,
                    KeepAnswers = arguments.GetValue(reuse),
                    OAuthClients = [new(ClientId, SnowflakeSandbox.ServiceName) { Secret = ClientSecret, CertificatePem = certificatePem }],
                },
                cancellationToken);
            try
            {
                if (arguments.GetValue(keyFile) is { } path) await File.WriteAllTextAsync(path, sandbox.CreateKeyPair(SnowflakeSandbox.ServiceName), cancellationToken);
                return sandbox;
            }
            catch
            {
                await sandbox.DisposeAsync();
                throw;
            }
        }
    }

    private static string Tell(SnowflakeSandbox sandbox, string? keyFile) => $"""
        Snowflake stand-in on {sandbox.Endpoint} (account {sandbox.AccountIdentifier}). Its passwords open nothing else.
          user          {SnowflakeSandbox.ServiceName}  {sandbox.PasswordOf(SnowflakeSandbox.ServiceName)}
                        role {SnowflakeSandbox.ServiceRoleName}, warehouse {SnowflakeSandbox.WarehouseName}
          administrator {SnowflakeSandbox.AdministratorName}  {sandbox.PasswordOf(SnowflakeSandbox.AdministratorName)}
                        role ACCOUNTADMIN, warehouse {SnowflakeSandbox.WarehouseName}
          key pair      {(keyFile is null ? $"--private-key FILE writes one of {SnowflakeSandbox.ServiceName}" : $"of {SnowflakeSandbox.ServiceName} in {keyFile}")}
          OAuth         {sandbox.TokenEndpoint}  client {ClientId}  {ClientSecret}
        Faults, latency and what was asked are below {sandbox.Endpoint}_sandbox/ (faults, requests, statements, sessions/expire, reset).
        """;
}
