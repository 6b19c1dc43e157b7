using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Access;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Cluster;
using Sluice.Storage.Connections;
using Sluice.Storage.DataLineage;
using Sluice.Storage.History;
using Sluice.Storage.Jobs;
using Sluice.Storage.People;
using Sluice.Storage.Plans;
using Sluice.Storage.Policies;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Server;
using Sluice.Storage.Subscriptions;
using Sluice.Storage.Tags;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Databases;

/// <summary>The one model behind both databases. Each has a subclass of its own, because EF keeps one set of migrations per context.</summary>
internal abstract class SluiceContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<ConnectionRow> Connections => Set<ConnectionRow>();
    public DbSet<SecretRow> Secrets => Set<SecretRow>();
    public DbSet<ObjectRow> Objects => Set<ObjectRow>();
    public DbSet<ColumnRow> Columns => Set<ColumnRow>();
    public DbSet<TagRow> Tags => Set<TagRow>();
    public DbSet<ObjectSyncRow> ObjectSyncs => Set<ObjectSyncRow>();
    public DbSet<CrawlUnitRow> CrawlUnits => Set<CrawlUnitRow>();
    public DbSet<CrawlUnitPageRow> CrawlUnitPages => Set<CrawlUnitPageRow>();
    public DbSet<IdBlockRow> IdBlocks => Set<IdBlockRow>();
    public DbSet<JobRow> Jobs => Set<JobRow>();
    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();
    public DbSet<ServerFactRow> ServerFacts => Set<ServerFactRow>();
    public DbSet<ClusterMemberRow> ClusterMembers => Set<ClusterMemberRow>();
    public DbSet<ClusterVersionRow> ClusterVersions => Set<ClusterVersionRow>();
    public DbSet<DataKeyRow> DataKeys => Set<DataKeyRow>();
    public DbSet<PolicyRow> Policies => Set<PolicyRow>();
    public DbSet<TagDefinitionRow> TagDefinitions => Set<TagDefinitionRow>();
    public DbSet<AssignedTagRow> AssignedTags => Set<AssignedTagRow>();
    public DbSet<VanishedTagRow> VanishedTags => Set<VanishedTagRow>();
    public DbSet<SubscriptionRow> Subscriptions => Set<SubscriptionRow>();
    public DbSet<AccessRequestRow> AccessRequests => Set<AccessRequestRow>();
    public DbSet<PlanRow> Plans => Set<PlanRow>();
    public DbSet<RemovedGrantRow> RemovedGrants => Set<RemovedGrantRow>();
    public DbSet<OwnGrantRow> OwnGrants => Set<OwnGrantRow>();
    public DbSet<EnforcementRow> Enforcements => Set<EnforcementRow>();
    public DbSet<PersonRow> People => Set<PersonRow>();
    public DbSet<GroupRow> Groups => Set<GroupRow>();
    public DbSet<GroupMemberRow> GroupMembers => Set<GroupMemberRow>();
    public DbSet<PersonAttributeRow> PersonAttributes => Set<PersonAttributeRow>();
    public DbSet<PlatformIdentityRow> PlatformIdentities => Set<PlatformIdentityRow>();
    public DbSet<DepartedIdentityRow> DepartedIdentities => Set<DepartedIdentityRow>();

    /// <summary>What the two databases spell differently.</summary>
    public abstract Dialect Dialect { get; }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder
            .ApplyConfiguration(new ConnectionRow.Shape())
            .ApplyConfiguration(new SecretRow.Shape())
            .ApplyConfiguration(new ObjectRow.Shape())
            .ApplyConfiguration(new ColumnRow.Shape())
            .ApplyConfiguration(new TagRow.Shape())
            .ApplyConfiguration(new ObjectSyncRow.Shape())
            .ApplyConfiguration(new JobRow.Shape())
            .ApplyConfiguration(new CrawlUnitRow.Shape())
            .ApplyConfiguration(new CrawlUnitPageRow.Shape())
            .ApplyConfiguration(new IdBlockRow.Shape())
            .ApplyConfiguration(new ApiKeyRow.Shape())
            .ApplyConfiguration(new ServerFactRow.Shape())
            .ApplyConfiguration(new ClusterMemberRow.Shape())
            .ApplyConfiguration(new ClusterVersionRow.Shape())
            .ApplyConfiguration(new DataKeyRow.Shape())
            .ApplyConfiguration(new PolicyRow.Shape())
            .ApplyConfiguration(new TagDefinitionRow.Shape())
            .ApplyConfiguration(new AssignedTagRow.Shape())
            .ApplyConfiguration(new VanishedTagRow.Shape())
            .ApplyConfiguration(new SubscriptionRow.Shape())
            .ApplyConfiguration(new AccessRequestRow.Shape())
            .ApplyConfiguration(new PlanRow.Shape())
            .ApplyConfiguration(new RemovedGrantRow.Shape())
            .ApplyConfiguration(new EnforcementRow.Shape())
            .ApplyConfiguration(new PersonRow.Shape())
            .ApplyConfiguration(new GroupRow.Shape())
            .ApplyConfiguration(new GroupMemberRow.Shape())
            .ApplyConfiguration(new PersonAttributeRow.Shape())
            .ApplyConfiguration(new PlatformIdentityRow.Shape())
            .ApplyConfiguration(new DepartedIdentityRow.Shape())
            .ApplyConfiguration(new PeopleChangeRow.Shape())
            .ApplyConfiguration(new PeopleRevisionRow.Shape())
            .ApplyConfiguration(new AuditEventRow.Shape())
            .ApplyConfiguration(new AuditStreamRow.Shape())
            .ApplyConfiguration(new AuditCheckpointRow.Shape())
            .ApplyConfiguration(new AccessFactRow.Shape())
            .ApplyConfiguration(new ChangeRunRow.Shape())
            .ApplyConfiguration(new OwnGrantRow.Shape())
            .ApplyConfiguration(new QueryEventRow.Shape())
            .ApplyConfiguration(new QueryEventObjectRow.Shape())
            .ApplyConfiguration(new QueryEventPersonRow.Shape())
            .ApplyConfiguration(new QueryStreamRow.Shape())
            .ApplyConfiguration(new QueryFeedRow.Shape())
            .ApplyConfiguration(new LineageEdgeRow.Shape())
            .ApplyConfiguration(new FormerNameRow.Shape())
            .ApplyConfiguration(new LineageTagRow.Shape());
        SnakeCase.Apply(modelBuilder.Model);
    }
}
