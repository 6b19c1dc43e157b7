using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Engine.Catalog;
using Sluice.Engine.Connections;
using Sluice.Engine.Integrations;
using Sluice.Engine.Jobs;
using Sluice.Engine.People;
using Sluice.Engine.Setup;
using Sluice.Server.Configuration;
using Sluice.Storage;
using Sluice.Storage.Access;
using Sluice.Storage.Server;

namespace Sluice.Server.Tests.Fakes;

/// <summary>Everything below the API, in memory.</summary>
internal sealed class FakeEngineRoom : EngineRoom
{
    public ManualTime Time { get; } = new();

    public FakeDatabase Database { get; } = new();

    public FakeApiKeys Keys { get; } = new();

    public FakeFacts Facts { get; } = new();

    public FakeConnections Connections { get; } = new();

    public FakeCatalog Catalog { get; } = new();

    public FakeIntegrations Integrations { get; } = new();

    public FakeJobs Jobs { get; } = new();

    public FakeAwsIdentity AwsIdentity { get; } = new();

    public CapturedLog Log { get; } = new();

    public override void Add(WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IDatabase>(Database)
            .AddSingleton<IApiKeyStore>(Keys)
            .AddSingleton<IServerFacts>(Facts)
            .AddSingleton<ICallerPeople, NobodyRegistered>()
            .AddSingleton<IConnectionUseCases>(Connections)
            .AddSingleton<IIntegrationUseCases>(Integrations)
            .AddSingleton<ICatalogUseCases>(Catalog)
            .AddSingleton<IJobUseCases>(Jobs)
            .AddSingleton<IAwsIdentityUseCase>(AwsIdentity);
    }

    public override Task EnterAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken) => Database.MigrateAsync(cancellationToken);
}
