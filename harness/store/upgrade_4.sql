-- Version 4 had other words for the kinds of waits, and for what an engine must detect.
UPDATE result SET detail =
	replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(detail,
	'"means":"lock"', '"wait":"acquire"'),
	'"means":"share"', '"wait":"acquire_shared"'),
	'"means":"wait"', '"wait":"cond_wait"'),
	'"means":"down"', '"wait":"sem_wait"'),
	'"means":"meet"', '"wait":"barrier_wait"'),
	'"means":"rest"', '"wait":"sigwait"'),
	'"means":"sit"', '"wait":"block"'),
	'"means":', '"wait":'),
	'"sight":', '"detection":'),
	'"state":"circling"', '"state":"livelocked"');
